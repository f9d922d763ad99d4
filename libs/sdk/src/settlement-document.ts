import {
  collect,
  documentCids,
  documentDigest,
  GranaryError,
  type Hex,
  MAX_BLOCK_BYTES,
  MAX_LIST_DOCUMENT_BYTES,
  parseDocument,
  readCar,
  type SettlementDocument,
  settlementDocumentSchema,
} from '@granary/protocol'
import { chunksOf } from './archive/tar.js'
import type { Context } from './context.js'
import type { Http } from './http.js'

/**
 * A settlement document by the digest on chain, from the API, else from the custodians: one block, or a CAR of more.
 * What came is hashed, so that it does not matter who gave it.
 *
 * @throws GranaryError SETTLEMENT_DOCUMENT_UNAVAILABLE; DOCUMENT_MISMATCH, DOCUMENT_INVALID when all that came was false
 */
export async function settlementDocument(context: Context, digest: Hex): Promise<SettlementDocument> {
  const { committee } = await context.network()
  const gateways = [context.api, ...(committee?.members ?? []).map(({ endpoint }) => endpoint)]
  let fault: unknown = new GranaryError('SETTLEMENT_DOCUMENT_UNAVAILABLE')
  for (const gateway of gateways) {
    const http = gateway === context.api ? context.http : context.elsewhere
    try {
      const document = await from(http, gateway.replace(/\/+$/, ''), digest)
      if (document) return document
    } catch (error) {
      fault = error
    }
  }
  throw fault
}

async function from(http: Http, gateway: string, digest: Hex): Promise<SettlementDocument | undefined> {
  const [raw, dag] = documentCids(digest)
  // Whoever sends it is not believed, nor is it let send without end.
  const bounded = ({ body }: Response, most: number) => {
    let size = 0
    return chunksOf(body as ReadableStream<Uint8Array>, ({ length }) => {
      size += length
      if (size > most) throw new GranaryError('DOCUMENT_TOO_LARGE')
    })
  }
  const get = (cid: string, format: string) =>
    http
      .response(`${gateway}/ipfs/${cid}?format=${format}`, { headers: { accept: '*/*' } })
      .catch(() => undefined)
  const block = await get(raw, 'raw')
  const car = block ? undefined : await get(dag, 'car')
  const bytes = block
    ? await collect(bounded(block, MAX_BLOCK_BYTES))
    : car && (await collect(readCar(dag, bounded(car, 2 * MAX_LIST_DOCUMENT_BYTES))))
  if (!bytes) return undefined
  const document = parseDocument(settlementDocumentSchema, bytes, MAX_LIST_DOCUMENT_BYTES)
  if ((await documentDigest(document)).digest !== digest) throw new GranaryError('DOCUMENT_MISMATCH')
  return document
}
