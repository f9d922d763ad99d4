import {
  type Address,
  type DatasetResource,
  datasetsRoot,
  type Hex,
  type MessageOf,
  manifestProof,
  manifestRoot,
  messageToJson,
  type PurposeName,
  permitTypedData,
  purposesToBits,
  type SignedReceipt,
  signMessage,
  structHash,
} from '@granary/protocol'
import { recipientToBytes } from '@granary/sealing'
import { hexlify, randomBytes, Signature, type Wallet, ZeroHash } from 'ethers'
import type { Actor } from './actors.js'
import type { ContractName, World } from './world.js'

// A trainer's side of a release by hand, past the API and the SDK: what somebody who does not follow the rules would
// send to the chain and to the custodians.

export interface RawRequest {
  pool: number
  purposes: readonly PurposeName[]
  /** leaves of the manifest; need not exist, fit or be ascending in count */
  datasets: readonly Hex[]
  /** default: as many as there are leaves */
  count?: number
  expires?: number
}

export const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

/** Whoever signs messages: an actor, or a contract wallet. */
type Signing = Pick<Actor, 'address' | 'recipient'> & { wallet: Pick<Wallet, 'signTypedData'> }

/**
 * Opens a request on chain whose manifest nobody proposed. The council pays the gas, the trainer the price: by a permit,
 * or by an allowance where `send` brings the call to the contract.
 */
export async function openRaw(
  world: World,
  trainer: Signing,
  wish: RawRequest,
  send?: (to: string, data: string) => Promise<unknown>,
): Promise<Hex> {
  const { deployment } = world
  const { price } = await world.contract('datasetRegistry').getFunction('pool')(wish.pool)
  const request: MessageOf<'AccessRequest'> = {
    trainer: trainer.address,
    pool: wish.pool,
    purposes: purposesToBits(wish.purposes),
    manifestRoot: manifestRoot(wish.datasets),
    manifestDocument: hexlify(randomBytes(32)) as Hex,
    count: wish.count ?? wish.datasets.length,
    recipient: hexlify(recipientToBytes(trainer.recipient)) as Hex,
    maxTotalPrice: price * 1_000n,
    expires: wish.expires ?? inSeconds(3600),
    salt: hexlify(randomBytes(32)) as Hex,
    deadline: BigInt(inSeconds(3600)),
  }
  const signature = await signMessage(trainer.wallet, 'AccessRequest', request, deployment)
  if (send) {
    const open = [request, signature, NO_PERMIT]
    const { interface: contract } = world.contract('accessRequests')
    await send(deployment.accessRequests, contract.encodeFunctionData('open', open))
  } else {
    const permit = await permitFor(world, trainer, price * BigInt(request.count))
    await world.councilSends('accessRequests', 'open', request, signature, permit)
  }
  return structHash('AccessRequest', request)
}

const NO_PERMIT = { value: 0, deadline: 0, v: 0, r: ZeroHash, s: ZeroHash }

async function permitFor(world: World, { wallet, address }: Signing, value: bigint) {
  const { token, accessRequests, chainId } = world.deployment
  const contract = world.contract('token')
  const deadline = BigInt(inSeconds(3600))
  const { domain, types, message } = permitTypedData({
    chainId,
    token,
    tokenName: await contract.getFunction('name')(),
    owner: address,
    spender: accessRequests,
    value,
    nonce: await contract.getFunction('nonces')(address),
    deadline,
  })
  const { v, r, s } = Signature.from(
    await wallet.signTypedData(domain, types, message as Record<string, unknown>),
  )
  return { value, deadline, v, r, s }
}

export interface RawOrder {
  request: Hex
  /** what is asked for; ids ascending */
  datasets: readonly Pick<DatasetResource, 'id' | 'content'>[]
  /** all leaves of the request's manifest */
  manifest: readonly Hex[]
  deadline?: number
  /** the place that the order claims for each dataset; default: the true one, 0 for a dataset that has none */
  index?: (id: Hex) => number
}

/** An order as it goes to a custodian, signed by whoever is given. */
export async function signedOrder(world: World, signer: Pick<Signing, 'wallet'>, order: RawOrder) {
  const message: MessageOf<'ReleaseOrder'> = {
    request: order.request,
    datasets: datasetsRoot(order.datasets.map(({ id }) => id as Hex)),
    deadline: BigInt(order.deadline ?? inSeconds(600)),
  }
  return {
    order: messageToJson('ReleaseOrder', message),
    signature: await signMessage(signer.wallet, 'ReleaseOrder', message, world.deployment),
    datasets: order.datasets.map(({ id, content }) => {
      const index = order.index?.(id as Hex) ?? Math.max(0, order.manifest.indexOf(id as Hex))
      const proof = index < order.manifest.length ? manifestProof(order.manifest, index) : []
      return { dataset: id, content, index, proof }
    }),
  }
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the custodian said
  body: any
}

/** Asks one custodian, from 1, at its own endpoint. */
export async function askCustodian(
  world: World,
  member: number,
  path: string,
  body: unknown,
): Promise<Answer> {
  const endpoint = await endpointOf(world, member)
  const answer = await fetch(`${endpoint}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: await answer.json() }
}

/** Receipts of some custodians for an order, as `POST /v1/shares` takes them. */
export async function receiptsOf(
  world: World,
  members: readonly number[],
  order: unknown,
): Promise<SignedReceipt[]> {
  const answers = await Promise.all(
    members.map((member) => askCustodian(world, member, '/v1/receipts', { order })),
  )
  return answers.map(({ body: { epoch, member, receipt, signature, passed } }) => ({
    epoch,
    member,
    receipt,
    signature,
    passed,
  }))
}

/** What the three custodians say to an order, which must be the same: a whole order's code, or one for its dataset. */
export async function refusalBy(world: World, order: unknown): Promise<string> {
  const codes = new Set<string>()
  for (const member of [1, 2, 3]) {
    const { status, body } = await askCustodian(world, member, '/v1/receipts', { order })
    if (status !== 200) codes.add(body.code)
    else if (body.receipt !== null) codes.add('RECEIPTED')
    else for (const { code } of body.refused) codes.add(code)
  }
  return [...codes].join(' and ')
}

/** How many entries each custodian's ledger has: what a refusal must not change. */
export async function ledgers(world: World): Promise<number[]> {
  return Promise.all(
    [1, 2, 3].map(async (member) => {
      const answer = await fetch(`${await endpointOf(world, member)}/v1/ledger?after=0&limit=1`)
      return ((await answer.json()) as { last: number }).last
    }),
  )
}

async function endpointOf(world: World, member: number): Promise<string> {
  const committee = world.contract('custodianCommittee')
  const { members } = await committee.getFunction('epoch')(await committee.getFunction('currentEpoch')())
  return members[member - 1].endpoint
}

/** What left the escrow of a request so far. */
export async function spentOf(world: World, request: Hex): Promise<bigint> {
  return (await world.contract('accessRequests').getFunction('request')(request)).spent
}

/** The account's balance of the token that Granary pays in. */
export const balanceOf = (world: World, account: Address | string): Promise<bigint> =>
  world.contract('token').getFunction('balanceOf')(account)

/** The code that a promise is rejected with. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'nothing was refused'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}

/** The custom error that a transaction is refused with by a contract. */
export async function revertOf(
  world: World,
  contract: ContractName,
  attempt: Promise<unknown>,
): Promise<string> {
  try {
    await attempt
    return 'nothing was refused'
  } catch (error) {
    const data = (error as { data?: string | null }).data
    return (data && world.contract(contract).interface.parseError(data)?.name) || String(error)
  }
}
