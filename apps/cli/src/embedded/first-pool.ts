import { documentDigest, type TermsDocument } from '@granary/protocol'
import { FsBlockstore } from 'blockstore-fs'
import { parseEther } from 'ethers'
import { CID } from 'multiformats/cid'
import type { PoolTerms } from '../deploy/pools.js'
import { CliError } from '../output.js'

const KUBO_MS = 10_000

const TERMS: TermsDocument = {
  version: 'granary/terms/v1',
  title: 'Anything',
  description: 'Files of any kind, to try Granary with.',
  terms:
    'Contribute only what is yours to give. Each dataset may be used for the purposes its owner names and for no other. ' +
    'Consent can be withdrawn at any time, for the future. Every use is paid at the price of the pool.',
}

/**
 * The terms and price of pool 1: open, one token a use. Its terms document goes straight into the store for blocks: a
 * Kubo node, or the embedded folder as long as no API runs on it.
 */
export async function firstPool(blocks: { folder: string; kubo: string | undefined }): Promise<PoolTerms> {
  const { bytes, digest, cid } = await documentDigest(TERMS)
  if (blocks.kubo) await putInKubo(blocks.kubo, bytes)
  else await putInFolder(blocks.folder, cid, bytes)
  return { terms: digest, lowestPrice: parseEther('0.01'), price: parseEther('1') }
}

async function putInFolder(folder: string, cid: string, bytes: Uint8Array): Promise<void> {
  const store = new FsBlockstore(folder)
  await store.open()
  await store.put(CID.parse(cid), bytes)
  await store.close()
}

/** Puts a document into a Kubo node, where the API finds it. Throws CliError STORAGE_UNAVAILABLE. */
export async function putInKubo(url: string, bytes: Uint8Array): Promise<void> {
  const body = new FormData()
  body.append('data', new Blob([bytes as Uint8Array<ArrayBuffer>]))
  const route = new URL('/api/v0/block/put?cid-codec=raw&mhtype=sha2-256&pin=true', url)
  const answer = await fetch(route, { method: 'POST', body, signal: AbortSignal.timeout(KUBO_MS) }).catch(
    (error: Error) => error,
  )
  if (answer instanceof Error || !answer.ok) {
    const reason = answer instanceof Error ? answer.message : `status ${answer.status}`
    throw new CliError('STORAGE_UNAVAILABLE', `Kubo at ${url} took no block: ${reason}`)
  }
}
