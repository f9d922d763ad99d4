import { basename, join } from 'node:path'
import { type DatasetSchema, GranaryError, purposesToBits, toGranaryError, USE_BITS } from '@granary/protocol'
import type { Description } from '@granary/sdk/describe'
import { type FileSource, fileBytes, fileSource, sourceSpool, sweepSpool } from '@granary/sdk/node'
import type { Command } from 'commander'
import { signer } from '../client.js'
import { action } from '../command.js'
import { contributorIdentity } from '../identities.js'
import { goesOn } from '../interrupted.js'
import { createProgress } from '../progress.js'
import { describeSchema, toPool, toPurposes, toTime } from '../values.js'

interface Options {
  pool: string
  purposes: string
  expires?: string
  ask?: boolean
  title?: string
  description?: string
  describe?: boolean
  license?: string
}

/** `granary contribute`: seals files, uploads them and registers them on chain. */
export function registerContribute(program: Command): void {
  const command = program
    .command('contribute')
    .description('seal files and put them into a pool, for the purposes that you allow')
    .argument('<file...>', 'files to contribute; each becomes a dataset')
    .requiredOption('--pool <number>', 'the pool; `granary pools list` shows them')
    .requiredOption('--purposes <names>', 'what they may be used for, separated by commas (see below)')
    .option('--expires <date>', 'until when: 2030-12-31, or 2y from now (default: until you withdraw)')
    .option('--ask', 'be asked before each request gets it')
    .option('--title <text>', "public title, for a single file (default: the file's name)")
    .option('--description <text>', 'public description, at most 2,000 characters')
    .option(
      '--describe',
      'publish what a CSV, JSON, Parquet or ZIP file holds: columns, rows, days; no values',
    )
    .option(
      '--no-describe',
      'do not look into the files (default: look, say what is seen, publish nothing of it)',
    )
    .option('--license <text>', 'licence of the data, e.g. CC-BY-4.0')
    .addHelpText(
      'after',
      `
Purposes: pretraining, fine-tuning, evaluation, retrieval, synthetic-data;
conditions: commercial, publish-weights, keep-derived.

Files are sealed on this machine; nobody who stores or relays them can read them. Titles, descriptions, media type and
size are public for ever. Your own key is made at the first contribution, in $GRANARY_HOME/identities: keep a copy of
that file. A contribution that was stopped goes on where it was when it is started again, as long as the file did not
change: it waits, sealed, in $GRANARY_HOME/spool, for a week at most. Withdrawing stops every future release; it cannot take back what a trainer already has.

Examples:
  granary contribute diary.csv --pool 1 --purposes fine-tuning,commercial --expires 2y --describe
  granary contribute *.jpg --pool 1 --purposes evaluation --license CC-BY-4.0 --json`,
    )
  action<Options, [string[]]>(command, async (context, options, files) => {
    const { output, environment } = context
    const purposes = toPurposes(options.purposes)
    if ((purposesToBits(purposes) & USE_BITS) === 0)
      throw new GranaryError('ARGUMENT_INVALID', '--purposes names no use: fine-tuning, say, or evaluation')
    const terms = {
      pool: toPool(options.pool),
      purposes,
      expires: options.expires ? toTime(options.expires) : null,
      ask: options.ask ?? false,
      description: options.description,
      license: options.license,
    }
    goesOn(output)
    const { client, address } = signer(context)
    const sources = await Promise.all(files.map(fileSource)) // a missing file is told before any work
    const identity = await contributorIdentity(environment.home, address)
    if (identity.created) output.log(`Your key is new: keep a copy of ${identity.path}`)
    const spool = join(environment.home, 'spool')
    await sweepSpool(spool)

    const datasets: {
      id: string
      cid: string
      file: string
      transaction: string
      gasUsed: string | null
      resumedFrom: number
      /** What was seen in the file, published or not. */
      schema: DatasetSchema | null
      described: boolean
    }[] = []
    const failed: { file: string; code: string; message: string }[] = []
    for (const source of sources) {
      const found = options.describe === false ? null : await lookInto(source)
      if (found) {
        const said = options.describe ? 'published' : 'not published: --describe does'
        output.log(`${source.path} holds ${describeSchema(found.schema)} (${said})`)
      }
      const schema = options.describe && found ? found.schema : undefined
      const progress = createProgress(basename(source.path))
      try {
        const done = await client.contribute({
          ...terms,
          source,
          title: sources.length === 1 ? options.title : undefined,
          schema,
          identity,
          spool: sourceSpool(spool, source),
          onProgress: ({ phase, done, total, waiting }) =>
            progress.update(waiting ? 'no answer, trying again' : phase, done, total),
        })
        const { id, cid, transaction, gasUsed, resumedFrom } = done
        const seen = { schema: found?.schema ?? null, described: schema !== undefined }
        datasets.push({ id, cid, file: source.path, transaction, gasUsed, resumedFrom, ...seen })
      } catch (error) {
        const { code, message } = toGranaryError(error)
        const where = /^POOL_/.test(code) ? ' (`granary pools list` shows those that are open)' : ''
        failed.push({ file: source.path, code, message: message + where })
      } finally {
        progress.stop()
      }
    }

    const [first] = failed
    if (first) process.exitCode = 1
    const error = first && { code: first.code, message: `${first.file}: ${first.message}` }
    output.result({ datasets, ...(error ? { failed, error } : {}) }, () =>
      datasets
        .map(
          ({ id, cid, file, transaction }) =>
            `${file}\n  dataset     ${id}\n  CID         ${cid}\n  transaction ${transaction}`,
        )
        .join('\n'),
    )
    for (const { file, code, message } of failed) output.failed(`${file}: ${message} (${code})`)
  })
}

/** What a file holds; null when it is not recognised, or when reading fails: contributing it will tell. */
async function lookInto(source: FileSource): Promise<Description | null> {
  const bytes = await fileBytes(source).catch(() => null)
  if (!bytes) return null
  try {
    // Its readers of formats are loaded for nothing else.
    const { describe } = await import('@granary/sdk/describe')
    return await describe(bytes)
  } catch {
    return null
  } finally {
    await bytes.close()
  }
}
