import { accessRequestsAbi, GranaryError, testTokenAbi } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import { Interface, makeError } from 'ethers'
import { asUnavailable, refusalOf } from './chain.errors.js'

const requests = new Interface(accessRequestsAbi)
const token = new Interface(testTokenAbi)

function reverted(data: string | null) {
  return makeError('execution reverted', 'CALL_EXCEPTION', {
    action: 'estimateGas',
    data,
    reason: null,
    transaction: { to: null, data: '0x' },
    invocation: null,
    revert: null,
  })
}

describe('refusalOf', () => {
  it('gives a contract’s error its code in the catalogue', () => {
    const data = requests.encodeErrorResult('PriceAboveMaximum', [2n, 1n])
    expect(refusalOf(reverted(data), requests, token)?.code).toBe('PRICE_ABOVE_MAXIMUM')
  })

  it('knows the token’s errors, too', () => {
    const owner = `0x${'1'.repeat(40)}`
    const poor = token.encodeErrorResult('ERC20InsufficientBalance', [owner, 0n, 1n])
    expect(refusalOf(reverted(poor), requests, token)?.code).toBe('BALANCE_TOO_LOW')
    const shy = token.encodeErrorResult('ERC20InsufficientAllowance', [owner, 0n, 1n])
    expect(refusalOf(reverted(shy), requests, token)?.code).toBe('ALLOWANCE_TOO_LOW')
  })

  it('calls anything else by one name, and no refusal what is no revert', () => {
    expect(refusalOf(reverted('0x12345678'), requests)?.code).toBe('CONTRACT_REVERTED')
    expect(refusalOf(reverted(null), requests)?.code).toBe('CONTRACT_REVERTED')
    expect(refusalOf(new Error('connection refused'), requests)).toBeNull()
    const told = (error: object) => Object.assign(reverted(null), { info: { error } })
    const busy = told({ code: -32_005, message: 'request limit reached' })
    expect(refusalOf(busy, requests)).toBeNull()
    const large = told({ code: -32_000, message: 'gas required exceeds allowance (30000000)' })
    expect(refusalOf(large, requests)?.code).toBe('CONTRACT_REVERTED')
  })
})

describe('asUnavailable', () => {
  const codeOf = (error: unknown) => {
    try {
      return asUnavailable(error)
    } catch (thrown) {
      return (thrown as { code: string }).code
    }
  }

  it('leaves refusals as they are, and calls everything else a chain that does not answer', () => {
    expect(codeOf(new GranaryError('SIGNATURE_INVALID'))).toBe('SIGNATURE_INVALID')
    expect(codeOf(new Error('connection refused'))).toBe('CHAIN_UNAVAILABLE')
    expect(codeOf(makeError('no answer in time', 'TIMEOUT', { operation: 'call', reason: 'timeout' }))).toBe(
      'CHAIN_UNAVAILABLE',
    )
  })
})
