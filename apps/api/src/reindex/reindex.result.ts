import type { Hex } from '@granary/protocol'
import type { TableDifference } from './tables.js'

export type Phase = 'reading the chain' | 'settlements' | 'documents' | 'contents' | 'comparing' | 'repairing'

export interface ReindexProgress {
  phase: Phase
  done: number
  total: number
}

/** What chain and IPFS name and nobody has. */
export interface Absent {
  documents: { kind: string; digest: string; cid: string }[]
  contents: { content: string; cid: string }[]
  settlements: { number: number; sequence: number; document: Hex }[]
}

export interface ReindexResult {
  /** The block up to which everything was read. */
  block: number
  events: number
  /** Whether an earlier run's work was gone on with. */
  resumed: boolean
  /** How the tables differed before, by name. */
  tables: Record<string, TableDifference>
  /** Rows that differed, all in all. */
  differing: number
  /** Whether what differed was put right. */
  repaired: boolean
  /** Documents that the chain does not name and whose text is not what their digest says. */
  alteredDocuments: string[]
  /** Documents that only the database still had; they are on IPFS again. */
  restoredDocuments: number
  /** Sealed files of withdrawn datasets that are gone, as they may be. */
  erased: number
  /** Erasures that the database had lost and that are asked for again. */
  recalledErasures: number
  missing: Absent
}
