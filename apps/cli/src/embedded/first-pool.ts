import { documentDigest, type TermsDocument } from '@granary/protocol'
import { FsBlockstore } from 'blockstore-fs'
import { parseEther } from 'ethers'
import { CID } from 'multiformats/cid'
import type { PoolTerms } from '../deploy/pools.js'

const TERMS: TermsDocument = {
  version: 'granary/terms/v1',
  title: 'Anything',
  description: 'Files of any kind, to try Granary with.',
  terms:
    'Contribute only what is yours to give. Each dataset may be used for the purposes its owner names and for no other. ' +
    'Consent can be withdrawn at any time, for the future. Every use is paid at the price of the pool.',
}

/**
 * The terms and price of pool 1: open, one token a use. Its terms document goes straight into the embedded block
 * store, as long as no API runs on it.
 */
export async function firstPool(blocks: string): Promise<PoolTerms> {
  const { bytes, digest, cid } = await documentDigest(TERMS)
  const store = new FsBlockstore(blocks)
  await store.open()
  await store.put(CID.parse(cid), bytes)
  await store.close()
  return { terms: digest, lowestPrice: parseEther('0.01'), price: parseEther('1') }
}
