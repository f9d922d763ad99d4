import { folderSink } from '@granary/sdk/node'
import type { Command } from 'commander'
import { signer } from '../client.js'
import { action } from '../command.js'
import { readIdentity } from '../identities.js'
import { createProgress } from '../progress.js'
import { bytes, toId, toIds } from '../values.js'

/** `granary fetch`: has the datasets of a request released, and opens them. */
export function registerFetch(program: Command): void {
  const command = program
    .command('fetch')
    .argument('<request>', 'id of the request')
    .description('have the datasets of a request released by the custodians, and open them into a folder')
    .requiredOption('--out <dir>', 'where the files go; created when it is missing')
    .requiredOption('--identity <file>', 'the age identity that the request was made with')
    .option('--datasets <ids>', 'only these, separated by commas')
    .option('--sealed', 'write ordinary .age files, sealed to your identity, in place of plaintext')
    .addHelpText(
      'after',
      `
Each file is verified against its CID and its seal while it is written, and gets its name only when all of it held.
Files keep their titles as names; nothing is overwritten. A dataset that is refused does not stop the others; the exit
code is 0 only when all of them arrived. A dataset is charged once a request, however often it is fetched.

A fetch that was stopped goes on where it was when it is started again: what is finished stays, and of a file that was
under way only the rest is downloaded; all of it is checked again. It keeps what it needs for that in <dir>/.granary.

Examples:
  granary fetch 0x… --out data --identity trainer-key.txt
  granary fetch 0x… --out data --identity trainer-key.txt --sealed
  age -d -i trainer-key.txt data/diary.csv.age`,
    )
  action<{ out: string; identity: string; datasets?: string; sealed?: boolean }, [string]>(
    command,
    async (context, options, text) => {
      const { client } = signer(context)
      const request = toId(text)
      const sink = folderSink(options.out)
      const progress = createProgress(request.slice(0, 12))
      const fetched = await client
        .fetch(request, {
          identity: await readIdentity(options.identity),
          datasets: options.datasets ? toIds(options.datasets) : undefined,
          sink,
          sealed: options.sealed ?? false,
          onProgress: ({ dataset, done, total }) =>
            progress.update(`opening ${dataset.slice(0, 12)}`, done, total),
        })
        .finally(() => progress.stop())

      const files = fetched.files.map((file) => ({ ...file, path: sink.pathOf(file.dataset)! }))
      const { failed, custodians } = fetched
      const error = failed[0] && incomplete(failed, files.length)
      if (error) process.exitCode = 1
      context.output.result({ request, files, failed, custodians, ...(error ? { error } : {}) }, () =>
        [
          ...files.map(({ path, size, sha256 }) => `${sha256}  ${path}  (${bytes(size)})`),
          ...failed.map(({ dataset, code, message }) => `failed ${dataset}: ${message} (${code})`),
        ].join('\n'),
      )
    },
  )
}

/** One reason for all of them when there is one, so that scripts can match it. */
function incomplete(
  failed: { code: string; message: string }[],
  opened: number,
): { code: string; message: string } {
  const [first] = failed
  const same = opened === 0 && failed.every(({ code }) => code === first!.code)
  if (same) return { code: first!.code, message: first!.message }
  return {
    code: 'FETCH_INCOMPLETE',
    message: `${failed.length} of ${failed.length + opened} datasets were not obtained`,
  }
}
