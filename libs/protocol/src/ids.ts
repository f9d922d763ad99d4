import { AbiCoder, keccak256 } from 'ethers'
import { GranaryError } from './errors.js'
import { type Address, type Hex, hexToBytes } from './hex.js'
import { MAX_DATASETS_PER_ORDER } from './limits.js'

/**
 * The id of the dataset that `owner` registers with `content` (the 32-byte digest in the sealed file's CID):
 * keccak256(abi.encode(owner, content)). Nobody can take another owner's id.
 */
export function datasetId(owner: Address, content: Hex): Hex {
  return keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [owner, content])) as Hex
}

/**
 * What an order, a receipt or an owner's release signs for its list: keccak256 of the 32-byte ids one after another.
 *
 * @throws GranaryError DATASETS_EMPTY, DATASETS_TOO_MANY, DATASETS_NOT_ASCENDING (out of order or named twice)
 */
export function datasetsRoot(ids: readonly Hex[]): Hex {
  if (ids.length === 0) throw new GranaryError('DATASETS_EMPTY')
  if (ids.length > MAX_DATASETS_PER_ORDER) {
    throw new GranaryError('DATASETS_TOO_MANY', { count: ids.length, most: MAX_DATASETS_PER_ORDER })
  }
  checkAscending(ids)
  const bytes = new Uint8Array(32 * ids.length)
  for (const [i, id] of ids.entries()) bytes.set(hexToBytes(id, 32), 32 * i)
  return keccak256(bytes) as Hex
}

/**
 * Ids must be lower-case and strictly ascending.
 *
 * @throws GranaryError ARGUMENT_INVALID, DATASETS_NOT_ASCENDING
 */
export function checkAscending(ids: readonly Hex[]): void {
  for (const [i, id] of ids.entries()) {
    if (!/^0x[0-9a-f]{64}$/.test(id)) {
      throw new GranaryError('ARGUMENT_INVALID', 'a dataset id must be 0x and 64 lower-case hex digits')
    }
    if (i > 0 && ids[i - 1]! >= id) throw new GranaryError('DATASETS_NOT_ASCENDING', { index: i })
  }
}
