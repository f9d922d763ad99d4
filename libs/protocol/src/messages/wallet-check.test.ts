import { describe, expect, it } from '@jest/globals'
import { Interface, type Provider } from 'ethers'
import { deploymentOf } from '../../testing/deployment.js'
import { rejectionOf, vectors } from '../../testing/vectors.js'
import type { Address, Hex } from '../hex.js'
import { checkSignature, messageDigest, messageSchema } from './index.js'

const known = vectors<{
  chainId: number
  verifyingContract: Address
  signer: Address
  messages: { message: Record<string, unknown>; signature: Hex }[]
}>('messages')
const { chainId, verifyingContract } = known
const deployment = deploymentOf(() => verifyingContract, chainId)

describe('a contract account', () => {
  const erc1271 = new Interface([
    'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)',
  ])
  const message = messageSchema('Withdrawal').parse(known.messages[4]!.message)
  const account = verifyingContract
  const digest = messageDigest('Withdrawal', message, { chainId, verifyingContract })

  /** A chain with one account, whose code answers a signature check so. */
  function chain(answer: (signature: string, gas: number) => string, code = '0x01') {
    const asked: { hash: string; signature: string; gas: number; blockTag: unknown }[] = []
    const provider = {
      getCode: async () => code,
      call: async (call: { to: string; data: string; gasLimit: number; blockTag: unknown }) => {
        const [hash, signature] = erc1271.decodeFunctionData('isValidSignature', call.data) as unknown as [
          string,
          string,
        ]
        asked.push({ hash, signature, gas: call.gasLimit, blockTag: call.blockTag })
        return answer(signature, call.gasLimit)
      },
    } as unknown as Provider
    return { provider, asked }
  }
  const check = (provider: Provider | undefined, signature: string, blockTag?: number) =>
    checkSignature({ name: 'Withdrawal', message, signature, account, deployment, provider, blockTag })
  const yes = `0x1626ba7e${'0'.repeat(56)}`

  it.each(['0x', '0x01', `0x${'ab'.repeat(32)}`, `0x${'cd'.repeat(97)}`])(
    'is asked about %s',
    async (signature) => {
      const { provider, asked } = chain(() => yes)
      await check(provider, signature, 7)
      expect(asked).toMatchObject([{ hash: digest, signature, blockTag: 7 }])
      // 150,000 for the account's code, on top of what the call itself costs.
      expect(asked[0]!.gas).toBeGreaterThan(171_000)
      expect(asked[0]!.gas).toBeLessThan(171_000 + 16 * 300)
    },
  )

  it('is refused when it says no, reverts, answers nonsense, has no code, or cannot be asked', async () => {
    const reverts = () => {
      throw Object.assign(new Error('reverted'), { code: 'CALL_EXCEPTION' })
    }
    expect(await rejectionOf(check(chain(() => `0x${'0'.repeat(64)}`).provider, '0x01'))).toBe(
      'SIGNATURE_INVALID',
    )
    expect(await rejectionOf(check(chain(() => '0x1626ba7e').provider, '0x01'))).toBe('SIGNATURE_INVALID')
    expect(await rejectionOf(check(chain(() => '0x').provider, '0x01'))).toBe('SIGNATURE_INVALID')
    expect(await rejectionOf(check(chain(reverts).provider, '0x01'))).toBe('SIGNATURE_INVALID')
    expect(await rejectionOf(check(chain(() => yes, '0x').provider, '0x01'))).toBe('SIGNATURE_INVALID')
    expect(await rejectionOf(check(chain(() => yes).provider, 'nonsense'))).toBe('SIGNATURE_INVALID')
    expect(await rejectionOf(check(undefined, '0x01'))).toBe('SIGNATURE_INVALID')
  })

  it('is not refused for what comes after its yes', async () => {
    await check(chain(() => `${yes}${'ab'.repeat(100_000)}`).provider, '0x01')
    const almost = `0x1626ba7e${'0'.repeat(55)}1`
    expect(await rejectionOf(check(chain(() => almost).provider, '0x01'))).toBe('SIGNATURE_INVALID')
  })

  it.each([
    { code: 3, message: 'execution reverted' },
    { code: -32000, message: 'out of gas' },
    { code: -32603, message: 'EVM error OutOfGas' },
    { code: -32015, message: 'VM execution error.' },
    { code: -32000, message: 'invalid opcode: INVALID' },
    { code: -32000, message: 'invalid jump destination' },
  ])('is refused when its node says $message', async (error) => {
    const fails = () => {
      throw Object.assign(new Error('missing revert data'), { code: 'CALL_EXCEPTION', info: { error } })
    }
    expect(await rejectionOf(check(chain(fails).provider, '0x01'))).toBe('SIGNATURE_INVALID')
  })

  it('is not refused because its node asks for patience', async () => {
    const busy = () => {
      const error = { code: -32005, message: 'request limit reached' }
      throw Object.assign(new Error('missing revert data'), { code: 'CALL_EXCEPTION', info: { error } })
    }
    expect(await rejectionOf(check(chain(busy).provider, '0x01'))).toBe('CALL_EXCEPTION')
  })

  it('that is not deployed yet is told so when its wallet says how it is made (ERC-6492)', async () => {
    const wrapped = `0x${'ab'.repeat(100)}${'6492'.repeat(16)}`
    expect(await rejectionOf(check(chain(() => yes, '0x').provider, wrapped))).toBe('ACCOUNT_NOT_DEPLOYED')
    await check(chain(() => yes).provider, wrapped)
  })

  it('is not refused when the chain cannot be reached', async () => {
    const silent = () => {
      throw Object.assign(new Error('no answer'), { code: 'TIMEOUT' })
    }
    expect(await rejectionOf(check(chain(silent).provider, '0x01'))).toBe('TIMEOUT')
  })

  it('is not asked when its key signed (EIP-7702)', async () => {
    const { provider, asked } = chain(() => `0x${'0'.repeat(64)}`)
    const own = { name: 'Withdrawal' as const, message, deployment, provider, account: known.signer }
    await checkSignature({ ...own, signature: known.messages[4]!.signature })
    expect(asked).toEqual([])
  })
})
