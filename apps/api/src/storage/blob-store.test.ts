import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { blobStoreSuite } from './blob-store.suite.js'
import { EmbeddedBlobStore } from './embedded.blob-store.js'
import { KuboBlobStore } from './kubo.blob-store.js'

const folder = mkdtempSync(join(tmpdir(), 'granary-blocks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

blobStoreSuite('embedded', () => EmbeddedBlobStore.open(mkdtempSync(join(folder, 'store-'))))

// Kubo is a program of its own: its part of the suite runs where one is given, and must run where services are required.
const { KUBO_URL, GRANARY_REQUIRE_SERVICES } = process.env
if (KUBO_URL) {
  blobStoreSuite('kubo', async () => new KuboBlobStore(KUBO_URL))
} else if (GRANARY_REQUIRE_SERVICES === '1') {
  describe('kubo blob store', () => {
    it('has a Kubo node to talk to', () => {
      expect('KUBO_URL').toBe('set')
    })
  })
}
