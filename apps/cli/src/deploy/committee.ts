import { custodianCommitteeAbi, type Deployment } from '@granary/protocol'
import { Contract, type Signer } from 'ethers'
import { z } from 'zod'
import { CliError } from '../output.js'
import { callAsTimelock } from './set-up.js'

const IDENTITY_TIMEOUT_MS = 10_000
const POLL_MS = 250

const identitySchema = z.object({ address: z.string(), recipient: z.string(), endpoint: z.string() })

export interface CommitteeOptions {
  /** the account that deployed, with a provider */
  signer: Signer
  deployment: Deployment
  /** base URLs of the custodians, in the order of their indices; each must answer `GET /v1/identity` */
  endpoints: readonly string[]
  /** how many of them open a file together: at least 2, and at most half of them rounded up */
  threshold: number
  /** wei that each custodian's wallet is topped up to; they pay the gas of confirmations and settlements */
  fund?: bigint
  /** how long to wait for the key generation */
  timeoutMs?: number
  onProgress?: (line: string) => void
}

/** Who the custodian at an endpoint is. Throws CliError CUSTODIAN_UNREACHABLE. */
export async function readIdentity(endpoint: string) {
  try {
    const answer = await fetch(`${endpoint}/v1/identity`, {
      signal: AbortSignal.timeout(IDENTITY_TIMEOUT_MS),
    })
    return identitySchema.parse(await answer.json())
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CliError('CUSTODIAN_UNREACHABLE', `no custodian answers at ${endpoint}: ${reason}`)
  }
}

/**
 * Names a committee on chain and waits until its members generated their key and all confirmed it. Changes nothing
 * when the current epoch has the same members and threshold already; goes on waiting for one proposed earlier.
 * @returns the epoch, and the proposal's transaction hash or null
 * @throws CliError OWNER_NEEDED once the DAO is in charge, CUSTODIAN_UNREACHABLE, COMMITTEE_NOT_CONFIRMED (the key generation did not finish in time)
 */
export async function formCommittee(options: CommitteeOptions) {
  const { signer, deployment, threshold, fund = 0n, timeoutMs = 120_000, onProgress = () => {} } = options
  const contract = new Contract(deployment.custodianCommittee, custodianCommitteeAbi, signer)
  const members = await Promise.all(options.endpoints.map((endpoint) => readIdentity(endpoint)))
  const wanted = JSON.stringify([threshold, members.map(({ address }) => address.toLowerCase())])

  let epoch = Number(await contract.getFunction('epochCount')())
  let transaction: string | null = null
  const known = epoch > 0 ? await contract.getFunction('epoch')(epoch) : undefined
  const named = known
    ? JSON.stringify([
        Number(known.threshold),
        known.members.map((member: { account: string }) => member.account.toLowerCase()),
      ])
    : ''
  if (named !== wanted) {
    for (const { address } of members) await topUp(signer, address, fund)
    const proposed = members.map(({ address, endpoint, recipient }) => ({
      account: address,
      endpoint,
      recipient,
    }))
    const { hash } = await callAsTimelock(signer, deployment, [
      { contract: 'custodianCommittee', method: 'propose', args: [threshold, proposed] },
    ])
    transaction = hash
    epoch = Number(await contract.getFunction('epochCount')())
    onProgress(`epoch ${epoch} proposed: ${threshold} of ${members.length} custodians`)
  }

  const until = Date.now() + timeoutMs
  while (!(await contract.getFunction('epoch')(epoch)).active) {
    if (Date.now() > until) {
      throw new CliError(
        'COMMITTEE_NOT_CONFIRMED',
        `epoch ${epoch} was not confirmed by every custodian within ${timeoutMs / 1000} s; see their logs, then run this again`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  onProgress(`epoch ${epoch} is active`)
  return { epoch, transaction }
}

async function topUp(signer: Signer, address: string, fund: bigint) {
  const balance = await signer.provider!.getBalance(address)
  if (balance >= fund) return
  await (await signer.sendTransaction({ to: address, value: fund - balance })).wait()
}
