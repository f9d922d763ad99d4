import {
  type Address,
  type Deployment,
  GranaryError,
  type Hex,
  type NetworkResource,
  parseDeployment,
} from '@granary/protocol'
import { checkSharing } from '@granary/sealing'
import { getBytes, type Signer } from 'ethers'
import { chainCommittee, providerFor } from './chain.js'
import type { Http } from './http.js'
import { isLoopback } from './loopback.js'

export interface CommitteeMember {
  /** From 1; the x-coordinate of its share. */
  index: number
  account: Address
  endpoint: string
  recipient: string
  verifyingShare: Hex
}

export interface Committee {
  epoch: number
  threshold: number
  groupKey: Hex
  members: CommitteeMember[]
}

/** Facts that were checked, as opposed to what the API says at `/v1/network`. */
export interface NetworkFacts {
  chainId: number
  deployment: Deployment
  /** Null until the custodians have made their key. */
  committee: Committee | null
  /** Loopback API on chain 31337: the one case in which the API's word is enough. */
  local: boolean
  /** For display: the API's own description. */
  display: NetworkResource
}

interface Needs {
  api: string
  http: Http
  deployment?: Deployment
  rpc?: string
  signer?: Signer
}

/**
 * Where a client gets its facts: chain id and addresses from the deployment that its user named; the committee's key
 * from two endpoints of different parties (the caller's own RPC or the wallet's provider, and the API) that must agree.
 * A local development network is taken at its word unless the caller has an RPC to ask. Throws NETWORK_MISMATCH, DEPLOYMENT_MISSING, COMMITTEE_MISMATCH,
 * COMMITTEE_INVALID.
 */
export function createNetwork(needs: Needs): (options?: { again?: boolean }) => Promise<NetworkFacts> {
  let known: Promise<NetworkFacts> | undefined
  return ({ again = false } = {}) => {
    if (again) known = undefined
    known ??= read(needs).then((facts) => {
      if (!facts.committee) known = undefined // it will come: ask again next time
      return facts
    })
    known.catch(() => {
      known = undefined
    })
    return known
  }
}

async function read(needs: Needs): Promise<NetworkFacts> {
  const display = await needs.http.json<NetworkResource>(`${needs.api}/v1/network`)
  const told = parseDeployment(display.deployment)
  const local = display.chainId === 31337 && isLoopback(new URL(needs.api).hostname)
  const deployment = needs.deployment ?? (local ? told : undefined)
  if (!deployment)
    throw new GranaryError(
      'DEPLOYMENT_MISSING',
      'name the deployment file of this network: only a local one is trusted',
    )
  const differs = (Object.keys(deployment) as (keyof Deployment)[]).find(
    (key) =>
      key !== 'startBlock' && String(deployment[key]).toLowerCase() !== String(told[key]).toLowerCase(),
  )
  if (differs || deployment.chainId !== display.chainId)
    throw new GranaryError(
      'NETWORK_MISMATCH',
      `the API is on another network: ${differs ?? 'chainId'} differs`,
    )
  const facts = { chainId: deployment.chainId, deployment, local, display }
  return { ...facts, committee: await confirmedCommittee(facts, needs) }
}

async function confirmedCommittee(
  facts: Omit<NetworkFacts, 'committee'>,
  needs: Needs,
): Promise<Committee | null> {
  const told = facts.display.committee as Committee | null
  if (!told) return null
  checkSharing({
    groupKey: getBytes(told.groupKey),
    verifyingShares: told.members.map((member) => getBytes(member.verifyingShare)),
    threshold: told.threshold,
  })
  if (facts.local && needs.rpc === undefined) return told
  const provider = providerFor(facts, needs.rpc, needs.signer)
  if (!provider)
    throw new GranaryError(
      'COMMITTEE_MISMATCH',
      'a second endpoint of the chain is needed to confirm the key',
    )
  const seen = await chainCommittee(facts, provider)
  const view = (committee: Committee) =>
    [
      committee.epoch,
      committee.threshold,
      committee.groupKey,
      ...committee.members.flatMap((m) => [m.account, m.verifyingShare]),
    ]
      .join()
      .toLowerCase()
  if (view(seen) !== view(told))
    throw new GranaryError('COMMITTEE_MISMATCH', 'API and chain name different committees')
  return seen
}

/** The committee, or COMMITTEE_MISSING while there is none. */
export function activeCommittee(facts: NetworkFacts): Committee {
  if (!facts.committee)
    throw new GranaryError('COMMITTEE_MISSING', 'the custodians have not made their key yet')
  return facts.committee
}
