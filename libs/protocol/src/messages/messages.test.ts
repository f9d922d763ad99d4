import { describe, expect, it } from '@jest/globals'
import { Interface, TypedDataEncoder, verifyTypedData, Wallet } from 'ethers'
import fc from 'fast-check'
import { deploymentOf } from '../../testing/deployment.js'
import { codeOf, rejectionOf, vectors } from '../../testing/vectors.js'
import * as abis from '../abi/index.js'
import type { Address, Hex } from '../hex.js'
import {
  checkSignature,
  jsonTypedData,
  MESSAGES,
  type MessageName,
  type MessageOf,
  messageDigest,
  messageSchema,
  messageToJson,
  messageTypes,
  permitTypedData,
  recoverSigner,
  signMessage,
  structHash,
  typedData,
  typeString,
} from './index.js'

interface Vectors {
  chainId: number
  verifyingContract: Address
  domainSeparator: Hex
  privateKey: Hex
  signer: Address
  messages: {
    name: MessageName
    typeString: string
    message: Record<string, unknown>
    structHash: Hex
    digest: Hex
    signature: Hex
  }[]
}

const known = vectors<Vectors>('messages')
const { chainId, verifyingContract } = known
const wallet = new Wallet(known.privateKey)
const names = Object.keys(MESSAGES) as MessageName[]

/** Every contract at the one address of the vectors. */
const deployment = deploymentOf(() => verifyingContract, chainId)

/** A message of the vectors as the program holds it. The name's type is lost in JSON, so it is given back here. */
function read(name: MessageName, json: unknown) {
  return messageSchema(name).parse(json) as MessageOf<'Withdrawal'>
}
const as = (name: MessageName) => name as 'Withdrawal'

describe('signed messages', () => {
  it('are all in the vectors', () => {
    expect(new Set(known.messages.map((entry) => entry.name))).toEqual(new Set(names))
  })

  it.each(known.messages.map((entry) => [entry.name, entry] as const))(
    '%s has the type string, hashes and signature of the vectors',
    async (name, entry) => {
      const message = read(name, entry.message)
      expect(typeString(name)).toBe(entry.typeString)
      expect(structHash(as(name), message)).toBe(entry.structHash)
      expect(messageDigest(as(name), message, { chainId, verifyingContract })).toBe(entry.digest)
      expect(await signMessage(wallet, as(name), message, deployment)).toBe(entry.signature)
      expect(recoverSigner(as(name), message, entry.signature, deployment)).toBe(known.signer)
    },
  )

  it('have the domain separator of the vectors', () => {
    expect(
      TypedDataEncoder.hashDomain(
        typedData('Withdrawal', read('Withdrawal', known.messages[4]!.message), deployment).domain,
      ),
    ).toBe(known.domainSeparator)
  })

  it('hold for one chain and one contract only', () => {
    const message = read('Withdrawal', known.messages[4]!.message)
    const digest = messageDigest('Withdrawal', message, { chainId, verifyingContract })
    expect(messageDigest('Withdrawal', message, { chainId: 1, verifyingContract })).not.toBe(digest)
    expect(messageDigest('Withdrawal', message, { chainId, verifyingContract: known.signer })).not.toBe(
      digest,
    )
  })

  it.each(known.messages.map((entry) => [entry.name, entry] as const))('%s survives JSON', (name, entry) => {
    const message = read(name, entry.message)
    expect(messageToJson(as(name), message)).toEqual(entry.message)
  })

  it('have the fields of the contracts that read them, in their order', () => {
    const structs = new Map<string, string[]>()
    for (const abi of Object.values(abis)) {
      new Interface(abi).forEachFunction(({ inputs }) => {
        for (const input of inputs) {
          const tuple = input.isArray() ? input.arrayChildren : input
          if (!tuple.isTuple()) continue
          const fields = tuple.components.map(
            (part) => `${part.name} ${part.type.replace(/^tuple\(.*\)/, 'tuple')}`,
          )
          structs.set(fields.map((field) => field.split(' ')[0]).join(), fields)
        }
      })
    }
    // A ballot's fields are arguments of their own; its type is compared with the Governor's in deploy.test.ts.
    const others = ['OwnerRelease', 'ReleaseOrder', 'Receipt', 'Delivery', 'Ballot']
    const onChain = names.filter((name) => !others.includes(name))
    for (const name of onChain) {
      const fields = messageTypes(name)[name]!
      expect(structs.get(fields.map((field) => field.name).join())).toEqual(
        fields.map((field) => `${field.name} ${field.type.replace('Spending', 'tuple')}`),
      )
    }
  })
})

describe('message JSON', () => {
  const approval = {
    request: `0x${'1'.repeat(64)}`,
    dataset: `0x${'a'.repeat(64)}`,
    granted: true,
    deadline: '7',
  }
  const refused = (change: object) => !messageSchema('Approval').safeParse({ ...approval, ...change }).success

  it('is taken with upper-case digits, which are lowered', () => {
    const dataset = `0x${'A'.repeat(64)}`
    expect(messageSchema('Approval').parse({ ...approval, dataset }).dataset).toBe(approval.dataset)
  })

  it.each([
    ['a number for a uint256', { deadline: 7 }],
    ['a negative uint256', { deadline: '-7' }],
    ['a uint256 with leading zeros', { deadline: '07' }],
    ['a uint256 of 257 bits', { deadline: (2n ** 256n).toString() }],
    ['a uint256 of 79 digits', { deadline: '1'.repeat(79) }],
    ['a hexadecimal uint256', { deadline: '0x7' }],
    ['a bytes32 that is too short', { request: '0x11' }],
    ['a bytes32 without 0x', { request: '1'.repeat(64) }],
    ['a bool as text', { granted: 'true' }],
    ['a missing field', { granted: undefined }],
    ['a field that the message does not have', { extra: 1 }],
  ])('is refused with %s', (_what, change) => {
    expect(refused({})).toBe(false)
    expect(refused(change)).toBe(true)
  })

  it.each([
    ['pool', 2 ** 16],
    ['purposes', 2 ** 32],
    ['expires', 2 ** 40],
    ['flags', 2 ** 8],
  ])('has %s below %d', (field, bound) => {
    const good = known.messages[0]!.message
    const parse = (value: unknown) =>
      messageSchema('Contribution').safeParse({ ...good, [field]: value }).success
    expect([parse(bound - 1), parse(bound), parse(-1), parse(0.5), parse('1')]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })

  it('is refused with an address whose checksum is wrong', () => {
    const good = known.messages[0]!.message
    const swapped = known.signer.replace(/[a-f]/, (letter) => letter.toUpperCase())
    const parse = (owner: string) => messageSchema('Contribution').safeParse({ ...good, owner })
    expect(parse(swapped).success).toBe(false)
    expect(parse(known.signer.toLowerCase()).data?.owner).toBe(known.signer)
  })
})

describe('hashing', () => {
  it('refuses what is out of range', () => {
    const message = { ...messageSchema('Contribution').parse(known.messages[0]!.message as never) }
    const hash = (change: object) => () => structHash('Contribution', { ...message, ...change } as never)
    expect(codeOf(hash({ pool: 65_536 }))).toBe('MESSAGE_INVALID')
    expect(codeOf(hash({ content: '0x12' }))).toBe('MESSAGE_INVALID')
    expect(codeOf(hash({ deadline: -1n }))).toBe('MESSAGE_INVALID')
    expect(codeOf(hash({ owner: 'vitalik.eth' }))).toBe('MESSAGE_INVALID')
    expect(codeOf(hash({ deadline: undefined }))).toBe('MESSAGE_INVALID')
  })

  it('refuses a message that does not exist', () => {
    expect(codeOf(() => structHash('Transfer' as 'Withdrawal', {} as never))).toBe('MESSAGE_UNKNOWN')
    expect(codeOf(() => messageSchema('constructor' as 'Withdrawal'))).toBe('MESSAGE_UNKNOWN')
  })

  it('tells any two messages apart', () => {
    const word = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((b) => `0x${Buffer.from(b).toString('hex')}` as Hex)
    const order = fc.record({ request: word, datasets: word, deadline: fc.bigInt(0n, 2n ** 256n - 1n) })
    fc.assert(
      fc.property(order, order, (a, b) => {
        const same =
          JSON.stringify(messageToJson('ReleaseOrder', a)) ===
          JSON.stringify(messageToJson('ReleaseOrder', b))
        expect(structHash('ReleaseOrder', a) === structHash('ReleaseOrder', b)).toBe(same)
        expect(messageSchema('ReleaseOrder').parse(messageToJson('ReleaseOrder', a))).toEqual(a)
      }),
      { numRuns: 50 },
    )
  })
})

describe('signatures', () => {
  const entry = known.messages[4]!
  const message = read('Withdrawal', entry.message)
  const body = entry.signature.slice(2, 130)
  const v = entry.signature.slice(130)
  const recover = (signature: string) =>
    codeOf(() => recoverSigner('Withdrawal', message, signature, deployment))

  it('are refused as strictly as by the contracts', () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const high = (order - BigInt(`0x${body.slice(64)}`)).toString(16).padStart(64, '0')
    expect(recover(`0x${body.slice(0, 64)}${high}${v === '1b' ? '1c' : '1b'}`)).toBe('SIGNATURE_INVALID')
    expect(recover(`0x${body}${v === '1b' ? '00' : '01'}`)).toBe('SIGNATURE_INVALID')
    expect(recover(`0x${body}1d`)).toBe('SIGNATURE_INVALID')
    expect(recover(`0x${body}`)).toBe('SIGNATURE_INVALID')
    expect(recover(`0x${'0'.repeat(128)}1b`)).toBe('SIGNATURE_INVALID')
    expect(recover('0x')).toBe('SIGNATURE_INVALID')
    expect(recover('nonsense')).toBe('SIGNATURE_INVALID')
  })

  it('of a hardware wallet with v 0 or 1 come out as contracts take them', async () => {
    const signTypedData = async () => `0x${body}${v === '1b' ? '00' : '01'}`
    const old = { signTypedData, getAddress: async () => known.signer }
    expect(await signMessage(old, 'Withdrawal', message, deployment)).toBe(entry.signature)
  })

  it('of a contract wallet come out as they are, whatever they end with', async () => {
    const signature = `0x${body}01` as Hex
    const wallet = { signTypedData: async () => signature }
    expect(await signMessage(wallet, 'Withdrawal', message, deployment)).toBe(signature)
    const other = { ...wallet, getAddress: async () => verifyingContract }
    expect(await signMessage(other, 'Withdrawal', message, deployment)).toBe(signature)
  })

  it('of somebody else are refused', async () => {
    const check = (account: Address, signature: string) =>
      checkSignature({ name: 'Withdrawal', message, signature, account, deployment })
    await check(known.signer, entry.signature)
    await check(known.signer.toLowerCase() as Address, entry.signature)
    expect(await rejectionOf(check(verifyingContract, entry.signature))).toBe('SIGNATURE_INVALID')
    const other = { ...message, content: `0x${'0'.repeat(64)}` as Hex }
    expect(codeOf(() => recoverSigner('Withdrawal', other, '0x', deployment))).toBe('SIGNATURE_INVALID')
    expect(recoverSigner('Withdrawal', other, entry.signature, deployment)).not.toBe(known.signer)
  })

  it('of an array message verify with the wallet library too', () => {
    const settlement = known.messages.find(({ name }) => name === 'Settlement')!
    const data = typedData(
      'Settlement',
      messageSchema('Settlement').parse(settlement.message as never),
      deployment,
    )
    expect(verifyTypedData(data.domain, data.types, data.message, settlement.signature)).toBe(known.signer)
  })
})

describe('typed data', () => {
  it('has a JSON form for eth_signTypedData_v4', () => {
    const settlement = known.messages.find(({ name }) => name === 'Settlement')!
    const data = typedData(
      'Settlement',
      messageSchema('Settlement').parse(settlement.message as never),
      deployment,
    )
    const json = jsonTypedData(data) as {
      types: object
      domain: { chainId: unknown }
      message: { number: unknown }
    }
    expect(JSON.parse(JSON.stringify(json))).toEqual(json)
    expect(Object.keys(json.types)).toContain('EIP712Domain')
    expect([Number(json.domain.chainId), json.message.number]).toEqual([chainId, '1'])
  })

  it('of a permit is what ERC-2612 says', () => {
    const { domain, types, message } = permitTypedData({
      chainId,
      token: verifyingContract,
      tokenName: 'Granary Test Dollar',
      owner: known.signer,
      spender: verifyingContract,
      value: 5n,
      nonce: 0n,
      deadline: 9n,
    })
    expect(TypedDataEncoder.from(types).encodeType('Permit')).toBe(
      'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)',
    )
    expect(domain).toEqual({ name: 'Granary Test Dollar', version: '1', chainId, verifyingContract })
    expect(TypedDataEncoder.hash(domain, types, message as Record<string, unknown>)).toMatch(
      /^0x[0-9a-f]{64}$/,
    )
  })
})
