import { CONTRACT_ABIS, type NetworkResource, typedData } from '@granary/protocol'
import { at, deployment } from '@granary/protocol/testing'
import { beforeEach, describe, expect, it } from '@jest/globals'
import { Interface, Wallet as Key, type Signer } from 'ethers'
import { current, expectFollowing, expectNoMore, setNetwork } from './review.js'
import { reviewed } from './reviewed.js'
import type { Wallet } from './wallet.js'

const key = new Key(`0x${'11'.repeat(32)}`)
const word = (digit: number) => `0x${String(digit).repeat(64)}` as `0x${string}`
const withdrawal = typedData(
  'Withdrawal',
  { owner: key.address as `0x${string}`, content: word(1) },
  deployment,
)
const contribution = (content: number, purposes = 4) =>
  typedData(
    'Contribution',
    {
      owner: key.address as `0x${string}`,
      content: word(content),
      metadata: word(content),
      pool: 1,
      purposes,
      expires: 0,
      flags: 2,
      deadline: BigInt(content),
    },
    deployment,
  )

let asked: number
let told: ((now: { address: string; chainId: number } | null) => void) | undefined
let signer: Signer

beforeEach(async () => {
  asked = 0
  setNetwork({ deployment } as NetworkResource)
  expectNoMore('Contribution')
  const inner = new Proxy(key, {
    get(target, name) {
      if (name === 'estimateGas') return async () => 50_000n
      if (name === 'provider') return { getFeeData: async () => ({ gasPrice: 2n }) }
      if (name === 'sendTransaction')
        return async () => {
          asked += 1
          return { hash: 'sent' }
        }
      const value = Reflect.get(target, name, target)
      if (name === 'signTypedData' || name === 'signMessage') asked += 1
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const wallet: Wallet = {
    kind: 'injected',
    name: 'Wheatfield',
    key: 'injected:test',
    address: key.address,
    chainId: 31337,
    chain: null,
    signText: (text) => inner.signMessage(text),
    signer: async () => inner,
    changeChain: async () => {},
    watch(changed) {
      told = changed
      return () => {
        told = undefined
      }
    },
  }
  signer = await reviewed(wallet).signer()
})

const sign = ({ domain, types, message }: { domain: object; types: object; message: object }) =>
  signer.signTypedData(domain, types as never, message)
const outcome = (signing: Promise<string>) =>
  signing.then(
    () => 'signed',
    (error) => error.code as string,
  )
/** Waits until there is something to read. */
async function shown() {
  for (let tries = 0; tries < 4_000 && !current(); tries++) await new Promise((next) => setTimeout(next, 5))
  return current()!
}

describe('a wallet whose messages are read first', () => {
  it.each<[string, () => Parameters<typeof sign>[0]]>([
    ['an unknown type', () => ({ ...withdrawal, types: { Mail: [{ name: 'to', type: 'address' }] } })],
    [
      'another contract',
      () => ({ ...withdrawal, domain: { ...withdrawal.domain, verifyingContract: at(1) } }),
    ],
    ['another chain', () => ({ ...withdrawal, domain: { ...withdrawal.domain, chainId: 1 } })],
    ['a field too many', () => ({ ...withdrawal, message: { ...withdrawal.message, more: 1 } })],
  ])('never sees %s', async (_what, typed) => {
    expect([await outcome(sign(typed())), asked]).toEqual(['SIGNING_REFUSED', 0])
  })

  it('never sees anything before the network is known', async () => {
    setNetwork(null)
    expect([await outcome(sign(withdrawal)), asked]).toEqual(['SIGNING_REFUSED', 0])
  })

  it('is asked after a yes, and not after a no', async () => {
    const first = outcome(sign(withdrawal))
    ;(await shown()).stop()
    expect([await first, asked]).toEqual(['WALLET_REJECTED', 0])
    const second = sign(withdrawal)
    ;(await shown()).go(false)
    expect(await second).toMatch(/^0x[0-9a-f]{130}$/)
    expect(current()).toBeNull()
  })

  it('is not asked when its account changes meanwhile, nor when it goes away', async () => {
    for (const now of [{ address: at(1), chainId: 31337 }, null]) {
      const signing = outcome(sign(withdrawal))
      await shown()
      told?.(now)
      expect([await signing, asked, current()]).toEqual(['WALLET_CHANGED', 0, null])
    }
  })

  it('says which chain it is set to now', async () => {
    const signing = outcome(sign(withdrawal))
    await shown()
    told?.({ address: key.address.toLowerCase(), chainId: 1 })
    expect(current()?.chainId).toBe(1)
    current()?.stop()
    await signing
  })

  it('is asked once for contributions that are alike, as many as there were', async () => {
    expectFollowing('Contribution', () => 2)
    const first = sign(contribution(1))
    expect((await shown()).following).toBe(2)
    current()?.go(true)
    await first
    await sign(contribution(2))
    await sign(contribution(3))
    const more = outcome(sign(contribution(4)))
    ;(await shown()).stop()
    expect(await more).toBe('WALLET_REJECTED')
  })

  it('is asked again for one on other terms, and from then on', async () => {
    expectFollowing('Contribution', () => 2)
    const first = sign(contribution(1))
    ;(await shown()).go(true)
    await first
    const other = outcome(sign(contribution(2, 5)))
    ;(await shown()).stop()
    expect(await other).toBe('WALLET_REJECTED')
    const like = outcome(sign(contribution(3)))
    ;(await shown()).stop()
    expect(await like).toBe('WALLET_REJECTED')
  })

  const revoke = {
    to: deployment.trainerRegistry,
    data: new Interface(CONTRACT_ABIS.trainerRegistry as never).encodeFunctionData('revoke', [at(1)]),
  }

  it.each([
    ['ether to somebody', { to: at(1), value: 1n }],
    ['a call of another contract', { ...revoke, to: at(1) }],
    ['a contract that is made', { data: revoke.data }],
    ['ether that goes along', { ...revoke, value: 1n }],
  ])('never sends %s', async (_what, sent) => {
    const sending = signer.sendTransaction(sent).then(({ hash }) => hash)
    expect([await outcome(sending), asked]).toEqual(['SIGNING_REFUSED', 0])
  })

  it('has no way round the review of transactions', async () => {
    const rawly = signer as unknown as { sendUncheckedTransaction(sent: object): Promise<string> }
    expect(await outcome(signer.signTransaction(revoke))).toBe('SIGNING_REFUSED')
    expect(await outcome(rawly.sendUncheckedTransaction(revoke))).toBe('SIGNING_REFUSED')
    expect(asked).toBe(0)
  })

  it('sends a transaction after a yes to its words and its cost, and not after a no', async () => {
    const first = outcome(signer.sendTransaction(revoke).then(({ hash }) => hash))
    const told = await shown()
    expect(told.description).toMatchObject({ name: 'RevokeTrainer', cost: { gas: 50_000n, fee: 100_000n } })
    told.stop()
    expect([await first, asked]).toEqual(['WALLET_REJECTED', 0])
    const second = signer.sendTransaction(revoke)
    ;(await shown()).go(false)
    expect([(await second).hash, asked]).toEqual(['sent', 1])
  })

  it('signs no text but one that signs in here', async () => {
    Object.assign(globalThis, { location: { host: 'localhost:4280' } })
    const text = (host: string, who: string) =>
      `${host} wants you to sign in with your Ethereum account:\n${who}\n\nHello.`
    expect(await outcome(signer.signMessage('Give me everything'))).toBe('SIGNING_REFUSED')
    expect(await outcome(signer.signMessage(text('evil.example', key.address)))).toBe('SIGNING_REFUSED')
    expect(await outcome(signer.signMessage(text('localhost:4280', at(1))))).toBe('SIGNING_REFUSED')
    expect(await outcome(signer.signMessage(text('localhost:4280', key.address)))).toBe('signed')
  })
})
