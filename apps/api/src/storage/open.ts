import type { Config } from '../config.js'
import type { BlobStore } from './blob-store.port.js'
import { EmbeddedBlobStore } from './embedded.blob-store.js'
import { KuboBlobStore } from './kubo.blob-store.js'

/** The one place where the adapter is chosen. */
export async function openBlobStore(config: Config): Promise<BlobStore> {
  if (config.BLOCKSTORE === 'kubo') return new KuboBlobStore(config.KUBO_URL as string)
  return EmbeddedBlobStore.open(config.BLOCKSTORE_DIR)
}
