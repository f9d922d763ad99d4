import type { Config } from '../config.js'
import type { BlobStore } from './blob-store.port.js'
import { EmbeddedBlobStore } from './embedded.blob-store.js'
import { KuboBlobStore } from './kubo.blob-store.js'
import { Locations } from './locations/locations.js'

/** The one place where the adapter is chosen. */
export async function openBlobStore(config: Config): Promise<BlobStore> {
  if (config.BLOCKSTORE === 'kubo') return new KuboBlobStore(config.KUBO_URL as string)
  return EmbeddedBlobStore.open(config.BLOCKSTORE_DIR)
}

/** The second locations that are configured, for this store's files. */
export function openLocations(config: Config, blobs: BlobStore): Locations {
  const patience = { timeout: config.STORAGE_LOCATION_TIMEOUT_MS, attempts: config.STORAGE_LOCATION_ATTEMPTS }
  return new Locations(config.locations, blobs, patience, config.STORAGE_RETRY_SECONDS * 1000)
}
