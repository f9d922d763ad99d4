// The composition: one custodian with everything that it keeps.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { followed } from '@granary/operation'
import {
  type Address,
  CUSTODIAN_VERSION,
  type CustodianHealth,
  type CustodianIdentity,
  cidToContent,
  contentToCid,
  type Deployment,
  GranaryError,
  parseDeployment,
  parseDocument,
  type SettlementResource,
  type SignedReceipt,
  settlementDocumentSchema,
  signedReceiptSchema,
} from '@granary/protocol'
import { createOutgoing, type Outgoing } from '@granary/protocol/node'
import type { Logger } from 'pino'
import { Chain } from './chain/chain.js'
import { contracts as views } from './chain/contracts.js'
import { Sender } from './chain/sender.js'
import { Committee } from './committee/committee.js'
import { Shares } from './committee/shares.js'
import type { Config } from './config.js'
import { FirstLeaf } from './content/first-leaf.js'
import { KeyGeneration } from './key-generation/key-generation.js'
import { type Entry, Ledger } from './ledger/ledger.js'
import { State } from './operations/state.js'
import { readPassphrase } from './passphrase.js'
import type { Bench } from './releases/judge.js'
import { OwnReceipts } from './releases/own-receipts.js'
import { OwnerReleases } from './releases/owner-releases.js'
import { Receipts } from './releases/receipts.js'
import { Releases } from './releases/shares.js'
import { openSecrets, type Secrets } from './secrets.js'
import { Countersigner, type SigningParts } from './settlement/countersign.js'
import { Documents } from './settlement/documents.js'
import { History } from './settlement/history.js'
import { OpenRequests } from './settlement/open-requests.js'
import { Peers } from './settlement/peers.js'
import { Reservation } from './settlement/reservation.js'
import { Returns } from './settlement/returns.js'
import { Settler } from './settlement/settler.js'
import { SignedBook } from './settlement/signed-book.js'
import { Uses } from './settlement/uses.js'

const PAGE = 200

export class Custodian {
  readonly keyGeneration: KeyGeneration
  readonly receipts: Receipts
  readonly releases: Releases
  readonly ownerReleases: OwnerReleases
  readonly countersigner: Countersigner
  readonly settler: Settler
  readonly state: State
  /** The URL that is put on chain. */
  endpoint = ''

  private constructor(
    readonly secrets: Secrets,
    readonly ledger: Ledger,
    private readonly deployment: Deployment,
    private readonly committee: Committee,
    private readonly shares: Shares,
    private readonly documents: Documents,
    private readonly history: History,
    private readonly book: SignedBook,
    parts: {
      bench: Bench
      own: OwnReceipts
      uses: Uses
      peers: Peers
      openRequests: OpenRequests
      returns: Returns
      sender: Sender
      outgoing: Outgoing
      config: Config
      log: Logger
    },
  ) {
    const { bench, own, uses, peers, openRequests, returns, sender, outgoing, config, log } = parts
    const { chain, contracts } = bench
    const { settleDelaySeconds: delay, settleAfterSeconds: turn } = config
    const {
      finalAfterSeconds: finalAfter,
      settleOmissionSeconds: omission,
      receiptMaxAgeSeconds: maxAge,
    } = config
    this.keyGeneration = new KeyGeneration({
      chain,
      committee,
      shares,
      secrets,
      sender,
      deployment,
      outgoing,
      log,
    })
    const { receiptsKept: most } = config
    this.receipts = new Receipts({ bench, ledger, uses, own, secrets, maxAge, most })
    this.releases = new Releases({ bench, ledger, uses, own, secrets, maxAge, most })
    this.ownerReleases = new OwnerReleases(bench, ledger)
    const signing: SigningParts = {
      chain,
      contracts,
      committee,
      deployment,
      secrets,
      history,
      documents,
      book,
      reservation: new Reservation(),
      verify: { deployment, contracts, committee, uses, finalAfter, omission },
    }
    this.countersigner = new Countersigner(signing)
    const draft = { deployment, contracts, uses, openRequests, finalAfter }
    const { countersigner } = this
    const settling = {
      signing,
      countersigner,
      draft,
      shares,
      peers,
      returns,
      sender,
      outgoing,
      log,
      delay,
      turn,
    }
    this.settler = new Settler(settling)
    this.state = new State({ chain, committee, deployment, shares, secrets, ledger, uses, history })
  }

  /**
   * Opens everything in the folder, rebuilding what is kept in memory.
   *
   * @throws GranaryError PASSPHRASE_MISSING, PASSPHRASE_WRONG, PASSPHRASE_UNREADABLE, SECRETS_INCOMPLETE,
   *   CONFIG_INVALID, DEPLOYMENT_INVALID, NETWORK_MISMATCH, CHAIN_UNAVAILABLE, LEDGER_CORRUPT
   */
  static async open(config: Config, log: Logger): Promise<Custodian> {
    const { dir, receiptMaxAgeSeconds: maxAge } = config
    const deployment = await readDeployment(config.deployment)
    const { secrets, vault } = await openSecrets(dir, await readPassphrase(config), config.workFactor)
    const chain = new Chain({
      urls: config.rpcUrls,
      quorum: config.rpcQuorum,
      confirmations: config.confirmations,
    })
    await chain.checkChainId(deployment.chainId)
    const contracts = views(deployment)
    const committee = new Committee(chain, contracts)
    const shares = await Shares.open(dir, vault)
    const outgoing = followed(createOutgoing(config.outgoingAllow))
    const uses = new Uses()
    const own = new OwnReceipts(maxAge)
    const view = await chain.view()
    const { time } = view
    const ledger = await Ledger.open(join(dir, 'ledger.jsonl'), (entry) => takeEntry(entry, time))
    const peers = await Peers.open(dir, deployment, uses, outgoing, log)
    const documents = await Documents.open(dir, outgoing)
    const sources = async () => memberEndpoints(committee, secrets.address)
    const openRequests = await OpenRequests.open(dir, chain, deployment)
    const onReset = async () => {
      await openRequests.replay()
      for (let after = 0; after < ledger.last; after += PAGE) {
        for (const entry of await ledger.page(after, PAGE)) takeEntry(entry, time)
      }
      await peers.replay()
    }
    const history = new History({ contracts, documents, uses, sources, onReset })
    const book = await SignedBook.open(dir)
    const sender = new Sender(chain, secrets.wallet, deployment.chainId)
    const returns = new Returns({ chain, contracts, deployment, documents, sources, sender, log })
    const firstLeaf = new FirstLeaf(config.gateways, config.firstLeavesKept)
    const bench = { chain, contracts, deployment, shares, firstLeaf }
    const parts = { bench, own, uses, peers, openRequests, returns, sender, outgoing, config, log }
    const all = [secrets, ledger, deployment, committee, shares, documents, history, book] as const
    const custodian = new Custodian(...all, parts)
    await custodian.keyGeneration.activate(view)
    return custodian

    /** Receipts in the ledger are uses to settle; own ones also let shares leave while they are fresh. */
    function takeEntry({ type, body, time: written }: Entry, now: number): void {
      for (const receipt of receiptsIn(type, body)) {
        uses.add(receipt, written)
        if (type === 'receipt') own.add(receipt, now)
      }
    }
  }

  /** Whether it holds a share of an active epoch. */
  get isReady(): boolean {
    return this.shares.active.length > 0
  }

  health(): CustodianHealth {
    return { status: 'ok', address: this.secrets.address, epoch: this.committee.current }
  }

  identity(): CustodianIdentity {
    return {
      version: CUSTODIAN_VERSION,
      address: this.secrets.address,
      recipient: this.secrets.recipient,
      endpoint: this.endpoint,
      chainId: this.deployment.chainId,
      epochs: this.shares.active.map(({ epoch, index }) => ({ epoch: epoch.number, index })),
    }
  }

  /** @throws GranaryError SETTLEMENT_UNKNOWN */
  async settlement(number: number): Promise<SettlementResource> {
    const settled = this.history.digest(number)
    const digest = settled ?? this.book.get(number)?.settlement.document
    const bytes = digest === undefined ? undefined : await this.documents.bytes(digest)
    if (digest === undefined || bytes === undefined) throw new GranaryError('SETTLEMENT_UNKNOWN', { number })
    const document = parseDocument(settlementDocumentSchema, bytes)
    return { number, digest, cid: contentToCid(digest, true), settled: settled !== undefined, document }
  }

  /** A block of a settlement document. @throws GranaryError BLOCK_UNKNOWN, CID_INVALID */
  async block(cid: string): Promise<Uint8Array> {
    const { content, rawRoot } = cidToContent(cid)
    const bytes = rawRoot ? await this.documents.bytes(content) : undefined
    if (bytes === undefined) throw new GranaryError('BLOCK_UNKNOWN', { cid })
    return bytes
  }

  close(): Promise<void> {
    return this.ledger.close()
  }
}

async function readDeployment(path: string): Promise<Deployment> {
  try {
    return parseDeployment(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof GranaryError) throw error
    throw new GranaryError('DEPLOYMENT_INVALID', `the deployment file cannot be read: ${path}`, {
      cause: error,
    })
  }
}

function receiptsIn(type: Entry['type'], body: unknown): SignedReceipt[] {
  if (type === 'owner-release') return []
  const list = type === 'receipt' ? [body] : (body as { receipts: unknown[] }).receipts
  return list.map((receipt) => signedReceiptSchema.parse(receipt))
}

function memberEndpoints(committee: Committee, self: Address): string[] {
  const members = [...committee.known.values()].reverse().flatMap((epoch) => epoch.members)
  return [...new Set(members.filter(({ account }) => account !== self).map(({ endpoint }) => endpoint))]
}
