import type { Ledger } from './ledger.js'
import type { FaultNetwork } from './network.js'
import type { Clients } from './workload.js'

/** What an invariant looks at, once the faults are over and everything has had its time. */
export interface Outcome {
  network: FaultNetwork
  ledger: Ledger
  clients: Clients
  /** whether the chain may have forgotten what it had confirmed */
  chainWentBack: boolean
}

/** Something that must hold whatever happened. */
export interface Invariant {
  name: string
  /** what does not hold, with ids; nothing when it holds */
  faults(outcome: Outcome): Promise<string[]>
}
