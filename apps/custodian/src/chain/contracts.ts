// The views this custodian reads, and their answers as plain values.
import {
  type Address,
  accessRequestsAbi,
  custodianCommitteeAbi,
  type Deployment,
  datasetRegistryAbi,
  type Hex,
  rewardPoolAbi,
  trainerRegistryAbi,
} from '@granary/protocol'
import { contract } from './call.js'

/** A struct as ethers decodes it: the ABI says what is in it. */
// biome-ignore lint/suspicious/noExplicitAny: the ABI is the type, and it is generated
type Decoded = any

/** A dataset's slot. `owner` is zero for an unknown one; a tombstone has an owner and the withdrawn flag. */
export interface DatasetSlot {
  owner: Address
  purposes: number
  expires: number
  pool: number
  flags: number
}

/** An access request; `trainer` is zero for an unknown one. `price` is per use. */
export interface RequestRecord {
  trainer: Address
  pool: number
  purposes: number
  count: number
  expires: number
  window: number
  treasuryBps: number
  custodiansBps: number
  isFinal: boolean
  refunded: boolean
  manifestRoot: Hex
  recipient: Hex
  price: bigint
  spent: bigint
}

export interface TrainerRecord {
  approvedUntil: number
  suspended: boolean
}

export interface EpochMember {
  account: Address
  endpoint: string
  recipient: string
}

export interface EpochRecord {
  threshold: number
  active: boolean
  groupKey: Hex
  transcript: Hex
  members: EpochMember[]
  verifyingShares: Hex[]
}

export type Contracts = ReturnType<typeof contracts>

export function contracts(deployment: Deployment) {
  const registry = contract(deployment.datasetRegistry, datasetRegistryAbi)
  const trainers = contract(deployment.trainerRegistry, trainerRegistryAbi)
  const committee = contract(deployment.custodianCommittee, custodianCommitteeAbi)
  const requests = contract(deployment.accessRequests, accessRequestsAbi)
  const pool = contract(deployment.rewardPool, rewardPoolAbi)
  return {
    datasets: (ids: readonly Hex[]) => registry('datasets', [ids], (list) => Array.from(list, datasetSlot)),
    trainer: (account: Address) =>
      trainers(
        'trainer',
        [account],
        (found): TrainerRecord => ({
          approvedUntil: Number(found.approvedUntil),
          suspended: found.suspended,
        }),
      ),
    request: (id: Hex) => requests('request', [id], requestRecord),
    /** 0 none, 1 yes, 2 no. */
    approval: (request: Hex, dataset: Hex) => requests('approval', [request, dataset], Number),
    currentEpoch: () => committee('currentEpoch', [], Number),
    epochCount: () => committee('epochCount', [], Number),
    epoch: (epoch: number) => committee('epoch', [epoch], epochRecord),
    settlements: () => pool('settlements', [], Number),
    document: () => pool('document', [], (digest) => digest as Hex),
    root: () => pool('root', [], (root) => root as Hex),
    total: () => pool('total', [], (total) => total as bigint),
    /** How often the guardian has voided. */
    voidings: () => pool('voidings', [], Number),
    treasury: () => pool('treasury', [], (account) => account as Address),
  }
}

function datasetSlot(found: Decoded): DatasetSlot {
  return {
    owner: found.owner,
    purposes: Number(found.purposes),
    expires: Number(found.expires),
    pool: Number(found.pool),
    flags: Number(found.flags),
  }
}

function requestRecord(found: Decoded): RequestRecord {
  return {
    trainer: found.trainer,
    pool: Number(found.pool),
    purposes: Number(found.purposes),
    count: Number(found.count),
    expires: Number(found.expires),
    window: Number(found.window),
    treasuryBps: Number(found.treasuryBps),
    custodiansBps: Number(found.custodiansBps),
    isFinal: found.isFinal,
    refunded: found.refunded,
    manifestRoot: found.manifestRoot,
    recipient: found.recipient,
    price: found.price,
    spent: found.spent,
  }
}

function epochRecord(found: Decoded): EpochRecord {
  return {
    threshold: Number(found.threshold),
    active: found.active,
    groupKey: found.groupKey,
    transcript: found.transcript,
    members: Array.from(found.members, (member: Decoded) => ({
      account: member.account,
      endpoint: member.endpoint.replace(/\/+$/, ''),
      recipient: member.recipient,
    })),
    verifyingShares: Array.from(found.verifyingShares) as Hex[],
  }
}
