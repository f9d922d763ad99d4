import { describe, expect, it } from '@jest/globals'
import { cipherInUse } from './index.js'

describe('in Node', () => {
  // What it is worth is measured by `npm run bench`, beside the bare cipher and its peers.
  it('the platform’s own cipher is in use', async () => {
    expect(await cipherInUse()).toBe('node')
  })
})
