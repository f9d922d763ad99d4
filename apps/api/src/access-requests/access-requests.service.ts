import {
  type ApprovalResource,
  accessRequestRefusal,
  type approvalBodySchema,
  GranaryError,
  type Hex,
  messageToJson,
  type OpenedRequest,
  type openRequestBodySchema,
  type RelayedResource,
  type RequestManifest,
  type RequestResource,
  structHash,
  type UseResource,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { FeedService } from '../chain/feed.service.js'
import { Signatures } from '../chain/signatures.js'
import type { AccessRequest } from '../database/generated/client.js'
import { expiryTime, onChain } from '../datasets/dataset.presenter.js'
import { DatasetsService } from '../datasets/datasets.service.js'
import { decodeCursor, encodeCursor, type Page, POSITION, toPage } from '../http/page.js'
import { PoolsService } from '../pools/pools.service.js'
import { RelaysService } from '../relays/relays.service.js'
import { TrainersService } from '../trainers/trainers.service.js'
import { AccessRequestsRepository, type RequestStatus } from './access-requests.repository.js'
import { ManifestsService } from './manifests.service.js'
import { presentRequest, refundableFrom } from './request.presenter.js'

const SLICE = 1_000
const ID = /^0x[0-9a-f]{64}$/

interface PageOf {
  cursor?: string | undefined
  limit: number
}

/** Access requests from opening to refund, and the answers of owners in ask mode. */
@Injectable()
export class AccessRequestsService {
  constructor(
    private readonly repository: AccessRequestsRepository,
    private readonly manifests: ManifestsService,
    private readonly trainers: TrainersService,
    private readonly pools: PoolsService,
    private readonly datasets: DatasetsService,
    private readonly relays: RelaysService,
    private readonly signatures: Signatures,
    private readonly feed: FeedService,
  ) {}

  async open(session: Session, body: z.output<typeof openRequestBodySchema>): Promise<OpenedRequest> {
    const { request, signature, permit } = body
    const by = await this.signatures.check(session, 'AccessRequest', request, signature, request.trainer)
    const id = structHash('AccessRequest', request)
    if (!(await this.relays.known('access-request', id))) {
      const code = accessRequestRefusal(request, {
        now: Math.floor(Date.now() / 1000),
        exists: (await this.repository.find(id)) !== null,
        trainer: await this.trainers.state(request.trainer),
        pool: await this.pools.state(request.pool),
      })
      if (code) throw new GranaryError(code)
      await this.manifests.check(request)
    }
    const payload = { request: id, message: messageToJson('AccessRequest', request), signature, by, permit }
    return { id, relay: await this.relays.enqueue('access-request', id, session.address, payload) }
  }

  async list(
    query: PageOf & { trainer?: string | undefined; status?: RequestStatus | undefined },
  ): Promise<Page<RequestResource>> {
    const [position] = decodeCursor(query.cursor, POSITION) ?? []
    const before = position ? BigInt(position) : null
    const rows = await this.repository.list(query, before, query.limit + 1)
    return toPage(rows, query.limit, (row) => encodeCursor(row.position), presentRequest)
  }

  async get(id: string): Promise<RequestResource> {
    return presentRequest(await this.require(id))
  }

  async manifest(id: string): Promise<RequestManifest> {
    return this.manifests.ofRequest((await this.require(id)).manifestDocument)
  }

  async approve(
    session: Session,
    id: string,
    body: z.output<typeof approvalBodySchema>,
  ): Promise<RelayedResource> {
    const { approval, signature } = body
    if (approval.request !== id)
      throw new GranaryError('MESSAGE_INVALID', 'the message is about another request')
    const dataset = await this.datasets.require(approval.dataset)
    if (dataset.owner !== session.address) throw new GranaryError('NOT_OWNER')
    const by = await this.signatures.check(session, 'Approval', approval, signature, dataset.owner)
    const request = await this.requireLive(id)
    const asked = await this.manifests.datasetsOf(request.manifestDocument)
    if (asked && !asked.includes(approval.dataset)) throw new GranaryError('DATASET_NOT_IN_MANIFEST')
    const [answer] = await this.repository.approvals(id, [approval.dataset])
    if (answer?.granted === false) throw new GranaryError('APPROVAL_FINAL')
    const payload = { message: messageToJson('Approval', approval), signature, by }
    const key = structHash('Approval', approval)
    return { relay: await this.relays.enqueue('approval', key, session.address, payload) }
  }

  /** The datasets in ask mode of a request, by ascending id. */
  async approvals(id: string, { cursor, limit }: PageOf): Promise<Page<ApprovalResource>> {
    const { manifestDocument } = await this.require(id)
    const [after = ''] = decodeCursor(cursor, ID) ?? []
    const ids = ((await this.manifests.datasetsOf(manifestDocument)) ?? []).filter(
      (dataset) => dataset > after,
    )
    const asking: { id: string; owner: string }[] = []
    for (let i = 0; i < ids.length && asking.length <= limit; i += SLICE)
      asking.push(...(await this.repository.asking(ids.slice(i, i + SLICE))))
    const answers = await this.repository.approvals(
      id,
      asking.map((dataset) => dataset.id),
    )
    return toPage(
      asking.slice(0, limit + 1),
      limit,
      (dataset) => encodeCursor(dataset.id),
      (dataset) => {
        const answer = answers.find((each) => each.dataset === dataset.id)
        return {
          dataset: dataset.id as Hex,
          owner: dataset.owner as Hex,
          status: answer === undefined ? 'pending' : answer.granted ? 'granted' : 'refused',
          given: answer ? onChain(answer) : null,
        }
      },
    )
  }

  /** Anybody signed in may ask for it: what is left goes to the trainer who paid. */
  async refund(session: Session, id: string): Promise<RelayedResource> {
    const request = await this.require(id)
    if (request.isRefunded) throw new GranaryError('REQUEST_IS_REFUNDED')
    const from = refundableFrom(request)
    if (Number(from) * 1000 > this.feed.time.getTime())
      throw new GranaryError('REQUEST_NOT_REFUNDABLE', { from: expiryTime(from) })
    return { relay: await this.relays.enqueue('refund', id, session.address, { request: id }) }
  }

  /** Settled uses of a request. */
  async uses(id: string, { cursor, limit }: PageOf): Promise<Page<UseResource>> {
    await this.require(id)
    const [after = ''] = decodeCursor(cursor, ID) ?? []
    const rows = await this.repository.uses(id, after, limit + 1)
    return toPage(
      rows,
      limit,
      (row) => encodeCursor(row.dataset),
      (row) => ({
        ...onChain(row.settlement),
        request: row.request as Hex,
        dataset: row.dataset as Hex,
        owner: row.owner as Hex,
        amount: row.amount.toFixed(0),
        settlement: row.settlement.number,
      }),
    )
  }

  /** @throws GranaryError REQUEST_UNKNOWN */
  async require(id: string): Promise<AccessRequest> {
    const request = await this.repository.find(id)
    if (!request) throw new GranaryError('REQUEST_UNKNOWN')
    return request
  }

  private async requireLive(id: string): Promise<AccessRequest> {
    const request = await this.require(id)
    if (request.isRefunded) throw new GranaryError('REQUEST_IS_REFUNDED')
    if (request.isFinal) throw new GranaryError('REQUEST_IS_FINAL')
    if (Number(request.expires) * 1000 <= Date.now()) throw new GranaryError('REQUEST_EXPIRED')
    return request
  }
}
