import { randomBytes } from 'node:crypto'
import {
  type Address,
  bytesToHex,
  contributionFlags,
  datasetId,
  datasetsRoot,
  type Hex,
  hexToBytes,
  importFile,
  type MessageOf,
  manifestProof,
  manifestRoot,
  messageToJson,
  openedAnswerSchema,
  purposesToBits,
  receiptsAnswerSchema,
  type SignedReceipt,
  sharesAnswerSchema,
  signMessage,
  structHash,
} from '@granary/protocol'
import {
  combineShares,
  committeeLabel,
  decapsulate,
  findCommitteeStanza,
  generateIdentity,
  identityToRecipient,
  open,
  openMessage,
  recipientToBytes,
  seal,
  verifyShare,
} from '@granary/sealing'
import { Wallet } from 'ethers'
import { type CustodyNetwork, PRICE, post, SOME_DIGEST } from './custody.js'

// People of the custodians' specs, who talk to chain and custodians directly.

export interface Person {
  wallet: Wallet
  address: Address
  identity: string
  recipient: string
}

export async function person(): Promise<Person> {
  const wallet = new Wallet(bytesToHex(randomBytes(32)))
  const identity = generateIdentity()
  return {
    wallet,
    address: wallet.address as Address,
    identity,
    recipient: await identityToRecipient(identity),
  }
}

export interface Contributed {
  id: Hex
  content: Hex
  cid: string
  rawRoot: boolean
  owner: Person
  plaintext: Uint8Array
  sealed: Uint8Array
}

export interface Wish {
  purposes?: readonly string[]
  expires?: number
  ask?: boolean
  pool?: number
  plaintext?: Uint8Array
  /** The label's owner, if it is not the one who contributes. */
  sealedFor?: Address
  /** The sealed bytes as they are, instead of sealing. */
  sealed?: Uint8Array
}

export const groupKeyOf = async (network: CustodyNetwork, epoch = 1) =>
  (await network.contract('custodianCommittee').getFunction('epoch')(epoch)).groupKey as Hex

/** Seals, serves the blocks at the gateway and registers on chain; the council pays the gas. */
export async function contribute(
  network: CustodyNetwork,
  owner: Person,
  wish: Wish = {},
): Promise<Contributed> {
  const plaintext = wish.plaintext ?? randomBytes(1000)
  const sealed =
    wish.sealed ?? (await sealFor(network, wish.sealedFor ?? owner.address, owner.recipient, plaintext))
  const put = (cid: string, bytes: Uint8Array) => void network.blocks.set(cid, bytes)
  const { cid, content, rawRoot } = await importFile([sealed], { put })
  const contribution: MessageOf<'Contribution'> = {
    owner: owner.address,
    content,
    metadata: SOME_DIGEST,
    pool: wish.pool ?? 1,
    purposes: purposesToBits(wish.purposes ?? ['fine-tuning']),
    expires: wish.expires ?? 0,
    flags: contributionFlags({ ask: wish.ask ?? false, rawRoot }),
    deadline: BigInt((await network.now()) + 3600),
  }
  const signature = await signMessage(owner.wallet, 'Contribution', contribution, network.deployment)
  await network.asCouncil('datasetRegistry', 'contribute', [contribution], [signature])
  return { id: datasetId(owner.address, content), content, cid, rawRoot, owner, plaintext, sealed }
}

export async function sealFor(
  network: CustodyNetwork,
  owner: Address,
  recipient: string,
  plaintext: Uint8Array,
) {
  const { chainId, datasetRegistry: registry } = network.deployment
  const groupKey = hexToBytes(await groupKeyOf(network))
  const committee = { groupKey, chainId: BigInt(chainId), registry, owner }
  const { stream } = await seal({ recipients: [recipient], committee })
  return bytesOf(new Blob([plaintext as never]).stream().pipeThrough(stream as never))
}

export async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as never).arrayBuffer())
}

/** Approves a trainer and gives it tokens, which it lets AccessRequests take. */
export async function approvedTrainer(network: CustodyNetwork): Promise<Person> {
  const trainer = await person()
  await network.asCouncil(
    'trainerRegistry',
    'approve',
    trainer.address,
    (await network.now()) + 10 ** 8,
    SOME_DIGEST,
  )
  await network.asCouncil('token', 'mint', trainer.address, PRICE * 1000n)
  await network.send(network.council.sendTransaction({ to: trainer.address, value: 10n ** 18n }))
  const token = network.contract('token', trainer.wallet.connect(network.provider))
  await network.send(token.getFunction('approve')(network.deployment.accessRequests, PRICE * 1000n))
  return trainer
}

export interface Opened {
  id: Hex
  trainer: Person
  manifest: Hex[]
  datasets: Map<Hex, Contributed>
  expires: number
}

const NO_PERMIT = { value: 0, deadline: 0, v: 0, r: `0x${'00'.repeat(32)}`, s: `0x${'00'.repeat(32)}` }

export async function openRequest(
  network: CustodyNetwork,
  trainer: Person,
  datasets: readonly Contributed[],
  options: { purposes?: readonly string[]; seconds?: number; count?: number } = {},
): Promise<Opened> {
  const manifest = [...new Set(datasets.map(({ id }) => id))].sort()
  const expires = (await network.now()) + (options.seconds ?? 3600)
  const request: MessageOf<'AccessRequest'> = {
    trainer: trainer.address,
    pool: 1,
    purposes: purposesToBits(options.purposes ?? ['fine-tuning']),
    manifestRoot: manifestRoot(manifest),
    manifestDocument: SOME_DIGEST,
    count: options.count ?? manifest.length,
    recipient: bytesToHex(recipientToBytes(trainer.recipient)),
    maxTotalPrice: PRICE * 1000n,
    expires,
    salt: bytesToHex(randomBytes(32)),
    deadline: BigInt(expires),
  }
  const signature = await signMessage(trainer.wallet, 'AccessRequest', request, network.deployment)
  await network.asCouncil('accessRequests', 'open', request, signature, NO_PERMIT)
  const byId = new Map(datasets.map((dataset) => [dataset.id, dataset]))
  return { id: structHash('AccessRequest', request), trainer, manifest, datasets: byId, expires }
}

export interface OrderWish {
  ids?: readonly Hex[]
  signer?: Person
  deadline?: number
  /** A deployment for the domain, if it is not the true one. */
  domain?: Partial<CustodyNetwork['deployment']>
  index?: number
  content?: Hex
}

/** A signed order for datasets of a request, all of them by default. */
export async function order(network: CustodyNetwork, request: Opened, wish: OrderWish = {}) {
  const ids = [...(wish.ids ?? request.manifest)].sort()
  const message: MessageOf<'ReleaseOrder'> = {
    request: request.id,
    datasets: datasetsRoot(ids),
    deadline: BigInt(wish.deadline ?? (await network.now()) + 600),
  }
  const deployment = { ...network.deployment, ...wish.domain }
  return {
    order: messageToJson('ReleaseOrder', message),
    signature: await signMessage(
      (wish.signer ?? request.trainer).wallet,
      'ReleaseOrder',
      message,
      deployment,
    ),
    datasets: ids.map((dataset) => {
      const place = request.manifest.indexOf(dataset)
      return {
        dataset,
        content: wish.content ?? request.datasets.get(dataset)?.content ?? SOME_DIGEST,
        index: wish.index ?? Math.max(0, place),
        proof: place < 0 ? [] : manifestProof(request.manifest, place),
      }
    }),
  }
}

export type Order = Awaited<ReturnType<typeof order>>

/** The receipts of the custodians at these places. */
export async function receipts(network: CustodyNetwork, signed: Order, places: readonly number[]) {
  const answers = await Promise.all(
    places.map((place) => post(network.custodians[place]!.url, '/v1/receipts', { order: signed })),
  )
  return answers.map(({ status, body }): SignedReceipt & { json: never } => {
    if (status !== 200) throw new Error(`receipt: ${status} ${JSON.stringify(body)}`)
    receiptsAnswerSchema.parse(body)
    const { epoch, member, receipt, signature, passed } = body
    return { epoch, member, receipt, signature, passed } as never
  })
}

/** The shares of one custodian, opened and held against its verifying share: dataset → share. */
export async function shares(
  network: CustodyNetwork,
  request: Opened,
  signed: Order,
  shown: unknown[],
  place: number,
) {
  const { status, body } = await post(network.custodians[place]!.url, '/v1/shares', {
    order: signed,
    receipts: shown,
  })
  if (status !== 200) throw new Error(`share: ${status} ${JSON.stringify(body)}`)
  const { answer, member } = sharesAnswerSchema.parse(body)
  const opened = await openMessage(Buffer.from(answer!, 'base64'), request.trainer.identity)
  const { shares: list } = openedAnswerSchema.parse(JSON.parse(new TextDecoder().decode(opened)))
  return { member, shares: new Map(list.map(({ dataset, share, proof }) => [dataset, { share, proof }])) }
}

/** Receipts and shares of these custodians, then every ordered dataset opened: dataset → plaintext. */
export async function release(network: CustodyNetwork, request: Opened, places: readonly number[]) {
  const signed = await order(network, request)
  const shown = await receipts(network, signed, places)
  const given = await Promise.all(places.map((place) => shares(network, request, signed, shown, place)))
  const plaintexts = new Map<Hex, Uint8Array>()
  for (const [id, dataset] of request.datasets) {
    const parts = given.map(({ member, shares }) => ({ member, ...shares.get(id)! }))
    plaintexts.set(id, await openWith(network, dataset, parts))
  }
  return plaintexts
}

export async function openWith(
  network: CustodyNetwork,
  dataset: Contributed,
  parts: readonly { member: number; share: Hex; proof: Hex }[],
) {
  const { chainId, datasetRegistry: registry } = network.deployment
  const epoch = await network.contract('custodianCommittee').getFunction('epoch')(1)
  const facts = { chainId: BigInt(chainId), registry, owner: dataset.owner.address }
  const label = committeeLabel({ groupKey: hexToBytes(epoch.groupKey), ...facts })
  return bytesOf(
    open({
      source: new Blob([dataset.sealed as never]).stream() as never,
      fileKey: (header) => {
        const stanza = findCommitteeStanza(header)
        for (const { member, share, proof } of parts) {
          const verifyingShare = hexToBytes(epoch.verifyingShares[member - 1])
          const made = { share: hexToBytes(share), proof: hexToBytes(proof) }
          if (!verifyShare({ ...made, verifyingShare, stanza, label, dataset: hexToBytes(dataset.id) })) {
            throw new Error(`member ${member} gave a false share`)
          }
        }
        const point = combineShares(
          parts.map(({ member, share }) => ({ index: member, share: hexToBytes(share) })),
          Number(epoch.threshold),
        )
        return decapsulate({ point, stanza, label })
      },
    }),
  )
}

/** Ends an owner's consent on chain. */
export async function withdraw(network: CustodyNetwork, { owner, content }: Contributed): Promise<void> {
  const withdrawal = { owner: owner.address, content }
  const signature = await signMessage(owner.wallet, 'Withdrawal', withdrawal, network.deployment)
  await network.asCouncil('datasetRegistry', 'withdraw', [withdrawal], [signature])
}

/** Changes an owner's consent on chain. */
export async function changeConsent(
  network: CustodyNetwork,
  { owner, id }: Contributed,
  change: { purposes?: readonly string[]; expires?: number; ask?: boolean },
): Promise<void> {
  const issued = await network.now()
  const update = {
    dataset: id,
    purposes: purposesToBits(change.purposes ?? ['fine-tuning']),
    expires: change.expires ?? 0,
    ask: change.ask ?? false,
    issued,
    deadline: BigInt(issued + 600),
  }
  const signature = await signMessage(owner.wallet, 'ConsentUpdate', update, network.deployment)
  await network.asCouncil('datasetRegistry', 'updateConsent', [update], [signature])
}

/** An owner's answer to a request in ask mode. */
export async function answerRequest(
  network: CustodyNetwork,
  { owner, id }: Contributed,
  request: Hex,
  granted: boolean,
) {
  const approval = { request, dataset: id, granted, deadline: BigInt((await network.now()) + 600) }
  const signature = await signMessage(owner.wallet, 'Approval', approval, network.deployment)
  await network.asCouncil('accessRequests', 'approve', [approval], [signature])
}
