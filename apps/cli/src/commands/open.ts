import { existsSync } from 'node:fs'
import { GranaryError } from '@granary/protocol'
import { fileSink } from '@granary/sdk/node'
import type { Command } from 'commander'
import { reader, signer } from '../client.js'
import { action, type Context } from '../command.js'
import { identityPath, readIdentity } from '../identities.js'
import { createProgress } from '../progress.js'
import { bytes, toId } from '../values.js'

interface Options {
  out: string
  identity?: string
  release?: boolean
}

/** `granary open`: one's own data back. */
export function registerOpen(program: Command): void {
  const command = program
    .command('open')
    .argument('<dataset>', 'id of a dataset of yours, withdrawn or not')
    .description('get your own data back, by your recovery key or, when that is lost, by the custodians')
    .requiredOption('--out <file>', 'where it goes; never overwritten')
    .option('--identity <file>', 'your recovery key (default: the one in $GRANARY_HOME)')
    .option('--release', 'without a recovery key: your wallet asks the custodians')
    .addHelpText(
      'after',
      `
With a recovery key nothing else is needed, no wallet either. It costs nothing and nobody is asked for leave.

Examples:
  granary open 0x… --out diary.csv
  granary open 0x… --out diary.csv --identity recovery.txt
  granary open 0x… --out diary.csv --release`,
    )
  action<Options, [string]>(command, async (context, options, text) => {
    const dataset = toId(text)
    const sink = await fileSink(options.out)
    const how = options.release ? ({ ownerRelease: true } as const) : await ownIdentity(context, options)
    const client = options.release ? signer(context).client : reader(context)
    const progress = createProgress(dataset.slice(0, 12))
    const file = await client.datasets
      .open(dataset, {
        ...how,
        sink,
        onProgress: ({ done, total }) => progress.update('opening', done, total),
      })
      .finally(() => progress.stop())
    context.output.result(
      { ...file, path: options.out },
      `${file.sha256}  ${options.out}  (${bytes(file.size)})`,
    )
  })
}

async function ownIdentity(context: Context, { identity }: Options): Promise<{ identity: string }> {
  if (identity) return { identity: await readIdentity(identity) }
  const path = identityPath(context.environment.home, signer(context).address)
  if (!existsSync(path))
    throw new GranaryError(
      'FILE_UNREADABLE',
      `no recovery key at ${path}: name it with --identity, or add --release`,
    )
  return { identity: await readIdentity(path) }
}
