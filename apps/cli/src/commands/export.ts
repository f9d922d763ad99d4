import { readFile } from 'node:fs/promises'
import { GranaryError } from '@granary/protocol'
import { type ArchiveContents, readArchive } from '@granary/sdk'
import { archivePart, archiveSource } from '@granary/sdk/node'
import { sealWithPassphrase } from '@granary/sealing'
import type { Command } from 'commander'
import { reader, signer } from '../client.js'
import { action } from '../command.js'
import { identityPath } from '../identities.js'
import { goesOn } from '../interrupted.js'
import { createProgress } from '../progress.js'
import { bytes } from '../values.js'

interface Options {
  out: string
  key: boolean
  passphraseFile?: string
}

/** `granary export`: everything that the account owns, as one archive; `granary export verify` checks one. */
export function registerExport(program: Command): void {
  const command = program
    .command('export')
    .description(
      'write everything that you own into one archive: sealed files, records, rewards, receipts, your key',
    )
    .option('--out <file>', 'the archive, a tar; nothing is overwritten')
    .option('--no-key', 'leave your recovery key out')
    .option('--passphrase-file <file>', 'encrypt the recovery key in it with the passphrase in this file')
    .addHelpText(
      'after',
      `
The archive holds, for each dataset, the sealed file as a CAR, its metadata and its record with everything that ever
happened to it; your rewards with their proof; the settlements that paid you, with the receipts of each release; and your
recovery key, if it is in $GRANARY_HOME/identities. Whoever has that key can open the files: keep the archive as you
would keep them, give --passphrase-file, or leave the key out with --no-key.

Every file is checked against its CID while it is written, and the archive gets its name when it is whole. An export that
was stopped leaves nothing under that name, and goes on where it was when it is started again within seven days: what is
there is checked and stays as it was written, and only the rest is downloaded. Rewards, receipts and the key are of the
end. Until then it is .<file>.part beside it, with .part.jsonl; remove the two to begin anew.

Examples:
  granary export --out mine.tar
  granary export verify mine.tar
  granary restore mine.tar`,
    )
  action<Options>(command, async (context, options) => {
    if (!options.out) throw new GranaryError('ARGUMENT_INVALID', 'name the file to write: --out FILE')
    const { client, address } = signer(context)
    const key = options.key
      ? await recoveryKey(context.environment.home, address, options.passphraseFile)
      : undefined
    goesOn(context.output)
    const { part, commit, keep } = await archivePart(options.out)
    const progress = createProgress('export')
    try {
      const onProgress = progressOf(progress)
      const done = await client.export({ part, ...(key ? { key } : {}), onProgress })
      await commit()
      progress.stop()
      context.output.result({ file: options.out, key: key !== undefined, ...done }, () =>
        [
          `${options.out}: ${done.datasets} datasets, ${done.settlements} settlements${key ? ', your recovery key' : ''}`,
          ...(done.resumedFrom > 0 ? [`${bytes(done.resumedFrom)} were there from an earlier export.`] : []),
          ...done.absent.map((id) => `without its sealed file, which nobody has: ${id}`),
        ].join('\n'),
      )
    } catch (error) {
      await keep()
      throw error
    } finally {
      progress.stop()
    }
  })

  const verify = command
    .command('verify')
    .argument('<file>', 'the archive')
    .description('check all of an archive without any network; with --on-chain also against the chain')
    .option('--on-chain', 'ask the chain, by GRANARY_RPC and GRANARY_API, who owns the datasets')
  action<{ onChain?: boolean }, [string]>(verify, async (context, { onChain }, path) => {
    const open = await archiveSource(path)
    const progress = createProgress('verify')
    const options = { onProgress: progressOf(progress) }
    const contents = await (onChain
      ? reader(context).verifyArchive(open, options)
      : readArchive(open, options)
    ).finally(() => progress.stop())
    context.output.result({ ...summaryOf(contents), onChain: onChain === true }, () => describe(contents))
  })
}

async function recoveryKey(home: string, address: string, passphraseFile: string | undefined) {
  const passphrase = passphraseFile && (await readFile(passphraseFile, 'utf8').catch(() => '')).trim()
  if (passphrase === '') throw new GranaryError('PASSPHRASE_UNREADABLE')
  const text = await readFile(identityPath(home, address)).catch(() => undefined)
  if (!text) return undefined
  if (!passphrase) return { bytes: new Uint8Array(text), sealed: false }
  return { bytes: await sealWithPassphrase(new Uint8Array(text), passphrase), sealed: true }
}

/** What a command says of an archive. */
export function summaryOf({ header, datasets, settlements, rewards, key, entries, bytes }: ArchiveContents) {
  const { account, chainId, registry, exported } = header
  const about = { account, chainId, registry, exported, entries, bytes }
  return {
    ...about,
    key: key === null ? null : key.sealed ? 'sealed' : 'open',
    earned: rewards.earned,
    settlements: settlements.map(({ sequence }) => sequence),
    datasets: datasets.map(({ id, record, size }) => ({ id, cid: record.dataset.cid, size })),
  }
}

function describe({ header, datasets, settlements, key, bytes: length }: ArchiveContents): string {
  return [
    `The archive is whole: everything of ${header.account} on chain ${header.chainId}, as of ${header.exported}.`,
    `${datasets.length} datasets, ${settlements.length} settlements, ${key ? 'a recovery key' : 'no key'}, ${bytes(length)}`,
    ...datasets.map(({ id, size }) => `  ${id}  ${size === null ? 'no sealed file' : bytes(size)}`),
  ].join('\n')
}

export const progressOf =
  (progress: ReturnType<typeof createProgress>) =>
  ({ name, done, total }: { name: string; done: number; total: number }) =>
    progress.update(name, done, total)
