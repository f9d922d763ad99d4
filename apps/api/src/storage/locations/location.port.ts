import type { LocationKind } from '@granary/protocol'

/** A file of ours, as a location is told about it. */
export interface KeptFile {
  /** The root's CID. */
  cid: string
  /** All its blocks, the root among them. */
  blocks: string[]
  /** What the location called its copy before, null when it never had one. */
  ticket: string | null
  /** Whether an earlier copy turned out to be incomplete or false: nothing that is there is believed unseen. */
  doubtful: boolean
}

export interface CopyProgress {
  /** `pending`: the location works on it; ask again. */
  state: 'held' | 'pending'
  ticket: string | null
}

/**
 * A second place for files. Nothing it says is believed: blocks are checked against their CIDs. Every method throws
 * GranaryError LOCATION_* when the location does not do what it should; each request it makes is limited in time and
 * size, and tried again as often as configured.
 */
export interface Location {
  /** For people and as key of what is known of its copies. Never a secret. */
  readonly name: string
  readonly kind: Exclude<LocationKind, 'own' | 'former'>
  /** A block of the file under `root`, checked, or null when it is not there. @throws GranaryError LOCATION_LIED */
  block(cid: string, root: string): Promise<Uint8Array | null>
  /** Whether its copy is there, as far as looking at some `sample` of its blocks can tell. */
  has(file: KeptFile, sample: string[]): Promise<boolean>
  /** Null for a location that is only read. */
  readonly writer: LocationWriter | null
}

/** What can be done at a location that the operator controls. */
export interface LocationWriter {
  /** Makes a copy, or goes on with one. `read` gives a block of ours, null when it is not here. */
  copy(file: KeptFile, read: (cid: string) => Promise<Uint8Array | null>): Promise<CopyProgress>
  /** Unpins the file and deletes `removable` of its blocks; those that are not there do not matter. */
  erase(file: KeptFile, removable: string[]): Promise<void>
}
