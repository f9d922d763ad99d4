import {
  type Address,
  consentMessagesIn,
  datasetOfConsent,
  documentDigest,
  type Hex,
  messageToJson,
  purposesToBits,
} from '@granary/protocol'
import { getAddress, parseUnits, type Wallet } from 'ethers'
import type { ApiNetwork, ApiProcess } from './api-network.js'

// People who ask an API to relay something, straight over HTTP; whoever is not answered asks again.

export interface Accepted {
  kind: 'withdrawal' | 'consent-update' | 'trainer-application'
  /** the dataset, or the trainer's address */
  about: string
  relay: string
}

async function post(api: ApiProcess, path: string, body: unknown, token?: string) {
  const response = await fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  })
  return { status: response.status, body: await response.json() }
}

/** A session's token. */
export async function tokenOf(api: ApiProcess, wallet: Wallet): Promise<string> {
  const { body } = await post(api, '/v1/auth/nonce', { address: wallet.address })
  const signature = await wallet.signMessage(body.message)
  return (await post(api, '/v1/auth/session', { message: body.message, signature })).body.token
}

/** Asks to withdraw a dataset that is in the tables. Throws unless it was accepted. */
export async function withdraw(
  network: ApiNetwork,
  api: ApiProcess,
  dataset: { id: Hex; owner: Wallet; content: Hex },
  token?: string,
): Promise<Accepted> {
  const session = token ?? (await tokenOf(api, dataset.owner))
  const path = `/v1/datasets/${dataset.id}/withdrawal`
  const { status, body } = await post(api, path, await network.withdrawal(dataset), session)
  if (status !== 202) throw new Error(`${status} ${body.code}`)
  return { kind: 'withdrawal', about: dataset.id, relay: body.relay }
}

/** Asks to change a dataset's consent. Throws unless it was accepted. */
export async function updateConsent(
  network: ApiNetwork,
  api: ApiProcess,
  { id, owner }: { id: Hex; owner: Wallet },
  token: string,
): Promise<Accepted> {
  const now = Math.floor(Date.now() / 1000)
  const update = {
    dataset: id,
    purposes: purposesToBits(['fine-tuning']),
    expires: 0,
    ask: false,
    issued: now - 1,
    deadline: BigInt(now + 3_600),
  }
  return sendConsent(network, api, owner, update, token)
}

/** The same with a change of one's own. */
export async function sendConsent(
  network: ApiNetwork,
  api: ApiProcess,
  owner: Wallet,
  update: { dataset: string },
  token: string,
): Promise<Accepted> {
  const signature = await network.sign(owner, 'ConsentUpdate', update as never)
  const asked = { update: messageToJson('ConsentUpdate', update as never), signature }
  const { status, body } = await post(api, `/v1/datasets/${update.dataset}/consent`, asked, token)
  if (status !== 202) throw new Error(`${status} ${body.code}`)
  return { kind: 'consent-update', about: update.dataset, relay: body.relay }
}

/** Asks to become a trainer. Throws unless it was accepted. */
export async function apply(network: ApiNetwork, api: ApiProcess, wallet: Wallet): Promise<Accepted> {
  const profile = { version: 'granary/profile/v1', name: 'Trent', description: '' }
  const application = {
    trainer: wallet.address as Address,
    profile: (await documentDigest(profile as never)).digest,
    deadline: 2n ** 40n - 1n,
  }
  const signature = await network.sign(wallet, 'TrainerApplication', application as never)
  const asked = { application: messageToJson('TrainerApplication', application as never), signature, profile }
  const { status, body } = await post(api, '/v1/trainers', asked, await tokenOf(api, wallet))
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
  return { kind: 'trainer-application', about: wallet.address, relay: body.relay }
}

export interface RelayAnswer {
  status: string
  code: string | null
  transaction: Hex | null
  waiting: string | null
  batch: number | null
}

/** What an API says of a relay. */
export async function relayOf(api: ApiProcess, { relay }: Pick<Accepted, 'relay'>): Promise<RelayAnswer> {
  return (await fetch(`${api.url}/v1/relays/${relay}`)).json() as Promise<RelayAnswer>
}

/** How often the relayer brought it to the chain, by who or what it is about; whether or not that changed anything. */
export async function onChain(network: ApiNetwork): Promise<Map<string, number>> {
  const { provider, deployment } = network.chain
  const registry = getAddress(deployment.datasetRegistry)
  const found = new Map<string, number>()
  const count = (about: string) => found.set(about, (found.get(about) ?? 0) + 1)
  const applied = await network.chain.contract('trainerRegistry').queryFilter('Applied', 0)
  for (const log of applied) count(String((log as unknown as { args: unknown[] }).args[0]))
  const head = await provider.getBlockNumber()
  for (let number = 0; number <= head; number += 1) {
    const block = await provider.getBlock(number, true)
    for (const { from, to, data, hash } of block?.prefetchedTransactions ?? []) {
      if (from !== network.relayer.address || to !== registry) continue
      if ((await provider.getTransactionReceipt(hash))?.status !== 1) continue
      for (const message of consentMessagesIn(data)) count(datasetOfConsent(message))
    }
  }
  return found
}

/** A transaction with the relayer's key that the relayer knows nothing of; `gwei` for a unit of gas. Its hash. */
export async function sendElsewhere(
  network: ApiNetwork,
  nonce: number,
  gwei: string,
  call: { to?: string; data?: string } = {},
): Promise<string> {
  const price = { maxFeePerGas: parseUnits(gwei, 'gwei'), maxPriorityFeePerGas: parseUnits(gwei, 'gwei') }
  const sender = network.relayer.connect(network.chain.provider)
  const transaction = { to: network.relayer.address, nonce, gasLimit: 3_000_000, ...price, ...call }
  return (await sender.sendTransaction(transaction)).hash
}
