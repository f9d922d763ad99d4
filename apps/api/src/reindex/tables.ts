// What a reindex builds again and compares. A house test holds this list against prisma/*.prisma, whose models say
// where the truth about each of them is.

export interface RebuiltTable {
  name: string
  /** Columns that are only here: neither compared nor changed. */
  onlyHere: readonly string[]
  /** Rows that chain and IPFS do not ask for may be there, too: uploads not contributed yet, documents not signed. */
  more: boolean
}

const exact = (name: string): RebuiltTable => ({ name, onlyHere: [], more: false })

/** Tables made from chain and IPFS alone; one that others refer to comes before them. */
export const REBUILT: readonly RebuiltTable[] = [
  exact('ChainEvent'),
  exact('Pool'),
  exact('Dataset'),
  exact('Trainer'),
  exact('AccessRequest'),
  exact('Approval'),
  exact('Settlement'),
  exact('Use'),
  exact('Leaf'),
  exact('Claimed'),
  exact('Proposal'),
  exact('Vote'),
  exact('Member'),
  exact('Mint'),
  exact('Setting'),
  { name: 'Document', onlyHere: ['createdAt'], more: true },
  { name: 'Content', onlyHere: ['uploader', 'createdAt', 'wantedAt', 'contributed'], more: true },
]

/**
 * How far the chain was read and which blocks are remembered for the next reorganisation: replaced, and not compared,
 * since they tell when one looked.
 */
export const PLACES: readonly RebuiltTable[] = [exact('Checkpoint'), exact('Block')]

/** How a table differs from the rebuilt one, in rows. */
export interface TableDifference {
  rows: number
  missing: number
  surplus: number
  altered: number
}
