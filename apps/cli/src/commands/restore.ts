import { dirname, join } from 'node:path'
import { GranaryError } from '@granary/protocol'
import { makeFolder } from '@granary/protocol/node'
import { archiveSource, restoreSpool } from '@granary/sdk/node'
import type { Command } from 'commander'
import { signer } from '../client.js'
import { action } from '../command.js'
import { identityPath, writeNew } from '../identities.js'
import { goesOn } from '../interrupted.js'
import { createProgress } from '../progress.js'
import { progressOf, summaryOf } from './export.js'

/** `granary restore`: brings an archive's files to the installation that GRANARY_API names. */
export function registerRestore(program: Command): void {
  const command = program
    .command('restore')
    .argument('<file>', 'an archive that `granary export` wrote')
    .description(
      'bring the sealed files and documents of an archive to another installation on the same chain',
    )
    .addHelpText(
      'after',
      `
All of the archive is checked before the first byte is sent. What the installation has already is not sent again: a
restore that was stopped goes on where it was when it is started again (it keeps one sealed file at a time, and where its
upload was, in $GRANARY_HOME/spool). The recovery key goes to $GRANARY_HOME/identities, unless there is one already.

Datasets, consent and rewards are on chain and need no restoring; documents of settlements that explain your rewards are
sent where the installation lost them. An archive of another chain is refused with
ARCHIVE_OTHER_NETWORK: its files are sealed for that chain's committee. Open them there (granary open, or age -d with the
key in the archive) and contribute them anew.

Example:
  GRANARY_API=https://another.example granary restore mine.tar`,
    )
  action<Record<string, never>, [string]>(command, async (context, _options, path) => {
    const { client, address } = signer(context)
    goesOn(context.output)
    const { home } = context.environment
    const progress = createProgress('restore')
    const done = await client
      .restore(await archiveSource(path), {
        spool: (cid) => restoreSpool(join(home, 'spool'), cid),
        onProgress: progressOf(progress),
      })
      .finally(() => progress.stop())
    const { contents, sent, present, documents, settlements: explained, failed } = done
    const key = await keepKey(contents.key, identityPath(home, address))
    const error =
      failed[0] && new GranaryError('RESTORE_INCOMPLETE', `${failed.length} of the things were not restored`)
    if (error) process.exitCode = 1
    const fault = error ? { error: { code: error.code, message: error.message } } : {}
    const told = { sent, present, documents, explained, key, failed, ...fault }
    context.output.result({ ...summaryOf(contents), ...told }, () =>
      [
        `${sent.length} sealed files and ${documents} documents were sent, ${present.length} files were there already.`,
        ...(explained.length > 0
          ? [`Documents of settlements that were missing there: ${explained.join(', ')}`]
          : []),
        ...(key === 'written' ? [`Your recovery key is in ${identityPath(home, address)}`] : []),
        ...(key === 'sealed'
          ? ['The recovery key in it is encrypted: take key.txt.age out of the tar, and age -d it.']
          : []),
      ].join('\n'),
    )
    for (const { dataset, settlement, code, message } of failed)
      context.output.failed(`${dataset ?? `settlement ${settlement}`}: ${message} (${code})`)
  })
}

/** What became of the key in the archive; one that is there already stays. */
async function keepKey(key: { bytes: Uint8Array; sealed: boolean } | null, path: string) {
  if (!key) return null
  if (key.sealed) return 'sealed'
  await makeFolder(dirname(path))
  return (await writeNew(path, new TextDecoder().decode(key.bytes))) ? 'written' : 'kept'
}
