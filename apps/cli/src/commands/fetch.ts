import type { ErasureResource, Hex } from '@granary/protocol'
import type { Failure, Granary } from '@granary/sdk'
import { folderSink } from '@granary/sdk/node'
import type { Command } from 'commander'
import { signer } from '../client.js'
import { action } from '../command.js'
import { readIdentity } from '../identities.js'
import { goesOn } from '../interrupted.js'
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
      goesOn(context.output)
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
      const { custodians } = fetched
      const failed = await withErasures(client, fetched.failed)
      const money = await moneyOf(client, request, failed)
      const error = failed[0] && incomplete(failed, files.length)
      if (error) process.exitCode = 1
      const told = { ...(money ? { money } : {}), ...(error ? { error } : {}) }
      context.output.result({ request, files, failed, custodians, ...told }, () =>
        [
          ...files.map(({ path, size, sha256 }) => `${sha256}  ${path}  (${bytes(size)})`),
          ...(money ? [money.text] : []),
        ].join('\n'),
      )
      for (const { dataset, code, message, erasure } of failed) {
        const erased = erasure ? ' The sealed file was erased, too.' : ''
        context.output.failed(`${dataset}: ${message}${erased} (${code})`)
      }
    },
  )
}

/** Of so many withdrawn datasets it is asked whether they were erased, too. */
const ERASURES_ASKED = 50
/** An owner's no: nothing of these is released any more under this request. */
const OWNERS_NO = /^(CONSENT_[A-Z_]+|APPROVAL_REFUSED)$/

type Told = Failure & { erasure?: ErasureResource }

/** What was withdrawn, with its erasure where its owner asked for that, too. */
async function withErasures(client: Granary, failed: Failure[]): Promise<Told[]> {
  const told: Told[] = []
  let asked = 0
  for (const failure of failed) {
    const ask = failure.code === 'CONSENT_WITHDRAWN' && asked < ERASURES_ASKED
    if (ask) asked += 1
    const found = ask ? await client.datasets.storage(failure.dataset as Hex).catch(() => null) : null
    const erasure = found?.erasure?.state === 'kept' ? null : found?.erasure
    told.push(erasure ? { ...failure, erasure } : failure)
  }
  return told
}

/** What becomes of the money of datasets that cannot be had any more, undefined where there are none. */
async function moneyOf(client: Granary, request: Hex, failed: Told[]) {
  const refused = failed.some(({ code }) => OWNERS_NO.test(code))
  const released = failed.some(({ code }) => code === 'CONTENT_ERASED')
  if (!refused && !released) return undefined
  const about = await client.requests.get(request).catch(() => null)
  if (!about) return undefined
  const { expires, refundableAt } = about
  const back = `The request ends on ${expires}; what it did not use comes back then, at the latest from ${refundableAt}: granary requests refund ${request}`
  const text = [
    ...(refused ? ['What was never released to you is not charged.'] : []),
    ...(released ? ['What was released to you before it was erased is charged.'] : []),
    back,
  ].join(' ')
  return { expires, refundableAt, text }
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
