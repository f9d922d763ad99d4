import { describe, expect, it } from '@jest/globals'
import type { JsonRpcProvider } from 'ethers'
import { providerFor } from './chain.js'

describe('the endpoint that a client is given', () => {
  it('fails with a code when it cannot be reached', async () => {
    const facts = { chainId: 31_337, local: false } as Parameters<typeof providerFor>[0]
    const provider = providerFor(facts, 'http://127.0.0.1:1') as JsonRpcProvider
    await expect(provider.send('eth_blockNumber', [])).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' })
    await expect(provider.getBalance(`0x${'11'.repeat(20)}`)).rejects.toMatchObject({
      code: 'CHAIN_UNAVAILABLE',
    })
    provider.destroy()
  })
})
