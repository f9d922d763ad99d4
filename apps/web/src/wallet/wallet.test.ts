import { describe, expect, it } from '@jest/globals'
import { sameAddress, WalletError, walletError } from './wallet.js'

describe('walletError', () => {
  it('knows a refusal, also when ethers wrapped it', () => {
    expect(walletError({ code: 4001, message: 'User rejected' }).code).toBe('WALLET_REJECTED')
    expect(walletError({ code: 'ACTION_REJECTED', info: { error: { code: 4001 } } }).code).toBe(
      'WALLET_REJECTED',
    )
    expect(walletError({ code: 'UNKNOWN_ERROR', error: { code: 4001 } }).code).toBe('WALLET_REJECTED')
  })

  it('knows an unknown chain and a wallet that waits', () => {
    expect(walletError({ code: 4902 }).code).toBe('WALLET_CHAIN_UNKNOWN')
    expect(walletError({ code: -32002 }).code).toBe('WALLET_BUSY')
  })

  it('keeps what it does not know, with its text', () => {
    expect(walletError(new Error('bang'))).toMatchObject({ code: 'WALLET_FAILED', message: 'bang' })
    const own = new WalletError('WALLET_BUSY', 'x')
    expect(walletError(own)).toBe(own)
  })

  it('does not follow a circle for ever', () => {
    const circle: { cause?: unknown } = {}
    circle.cause = circle
    expect(walletError(circle).code).toBe('WALLET_FAILED')
  })
})

it('compares addresses in any case', () => {
  expect(sameAddress('0xAb', '0xaB')).toBe(true)
  expect(sameAddress(null, null)).toBe(false)
})
