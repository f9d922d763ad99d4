// Check 3: the dataset is at the given index of the request's manifest.
import { GranaryError, type OrderedDataset, verifyManifestProof } from '@granary/protocol'
import type { RequestRecord } from '../chain/contracts.js'

/**
 * The index bounds the uses: it must lie below the count that was paid for.
 *
 * @throws GranaryError DATASET_NOT_IN_MANIFEST
 */
export function checkManifest(request: RequestRecord, { dataset, index, proof }: OrderedDataset): void {
  const { manifestRoot: root, count } = request
  if (index < count && verifyManifestProof({ root, count, index, dataset, proof })) return
  throw new GranaryError('DATASET_NOT_IN_MANIFEST', { dataset, index })
}
