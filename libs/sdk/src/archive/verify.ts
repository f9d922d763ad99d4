import { GranaryError, type Hex } from '@granary/protocol'
import type { Context } from '../context.js'
import { type ArchiveContents, type OpenArchive, type ReadOptions, readArchive } from './read.js'

/**
 * Reads an archive (see `readArchive`) and holds it against the chain: its network, who owns each dataset, and each
 * settlement. Consent may have changed since the export and is not compared; a settlement voided since is ALTERED.
 *
 * @throws GranaryError ARCHIVE_OTHER_NETWORK, DATASET_UNKNOWN, NOT_OWNER, SETTLEMENT_UNKNOWN, CHAIN_UNAVAILABLE and the
 *   codes of `readArchive`
 */
export async function verifyOnChain(
  context: Context,
  open: OpenArchive,
  options?: ReadOptions,
): Promise<ArchiveContents> {
  const contents = await readArchive(open, options)
  await requireNetwork(context, contents)
  const chain = await context.chain()
  for (const { id, record } of contents.datasets) {
    const found = await chain.dataset(id)
    if (!found) throw new GranaryError('DATASET_UNKNOWN', { dataset: id })
    if (found.owner !== contents.header.account) throw new GranaryError('NOT_OWNER', { dataset: id })
    if (found.rawRoot !== record.dataset.rawRoot) throw new GranaryError('ARCHIVE_ALTERED', { dataset: id })
  }
  for (const { number, document, root } of contents.settlements) {
    const found = await chain.settlement(number)
    if (found?.document !== document || found.root !== root)
      throw new GranaryError('SETTLEMENT_UNKNOWN', { number })
  }
  return contents
}

/** @throws GranaryError ARCHIVE_OTHER_NETWORK */
export async function requireNetwork(
  context: Context,
  { header }: Pick<ArchiveContents, 'header'>,
): Promise<void> {
  const { chainId, deployment } = await context.network()
  if (header.chainId !== chainId || (header.registry as Hex) !== deployment.datasetRegistry)
    throw new GranaryError('ARCHIVE_OTHER_NETWORK', { chainId: header.chainId, registry: header.registry })
}
