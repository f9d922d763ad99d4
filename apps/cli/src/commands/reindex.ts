import { spawn } from 'node:child_process'
import type { Command } from 'commander'
import { action } from '../command.js'
import { layoutOf } from '../embedded/layout.js'
import { builtProgram } from '../embedded/programs.js'
import { withStores } from '../embedded/stores.js'
import { installationEnvironment } from '../environment.js'
import { CliError, type Output } from '../output.js'

interface Options {
  data?: string
  check?: boolean
  fresh?: boolean
}

interface Difference {
  rows: number
  missing: number
  surplus: number
  altered: number
}

/** What the API's program says in the end. */
interface Result {
  block: number
  events: number
  resumed: boolean
  tables: Record<string, Difference>
  differing: number
  repaired: boolean
  alteredDocuments: string[]
  restoredDocuments: number
  erased: number
  recalledErasures: number
  missing: {
    documents: { kind: string; digest: string; cid: string }[]
    contents: { content: string; cid: string }[]
    settlements: { number: number; sequence: number; document: string }[]
  }
}

type Message =
  | { type: 'progress'; phase: string; done: number; total: number }
  | { type: 'result'; result: Result }
  | { type: 'error'; error: { code: string; message: string } }

const EVERY_MS = 2_000

/** `granary reindex`: builds the database's tables again from chain and IPFS. */
export function registerReindex(program: Command): void {
  const command = program
    .command('reindex')
    .description("rebuild the API's tables from chain and IPFS alone, and put right what differs")
    .option('--check', 'only compare, and say which tables differ')
    .option('--fresh', 'begin anew instead of going on with what a stopped run had built')
    .option(
      '--data <dir>',
      'the network on this machine to do it for, running or stopped (default: ./.granary)',
    )
    .addHelpText(
      'after',
      `
For an installation run it with the environment of its API (DATABASE_URL, RPC_URL, DEPLOYMENT, BLOCKSTORE and what goes
with it, CONFIRMATIONS); without DATABASE_URL, or with --data, it is for the network on this machine.

The tables are built in a schema of their own (granary_reindex) beside those in use, by the code that follows the chain
day by day. Then what differs is put right in one transaction: readers never see half of it. The API may go on running.
What is only in the database (sessions, uploads, relays, erasures, who uploaded what) is left alone; erasures that it
lost come back from their notes beside the blocks. A run that was stopped is gone
on with by the next.

Documents, sealed files and settlement documents that nobody has any more are named; everything else is still done.
Exit code 0: all is right now (with --check: was right). 1: REINDEX_DIFFERS, REINDEX_INCOMPLETE, or a failure.

Examples:
  granary reindex
  granary reindex --check --json
  DATABASE_URL=postgresql://… RPC_URL=https://… DEPLOYMENT=deployment.json BLOCKSTORE=kubo KUBO_URL=http://… granary reindex`,
    )
  action<Options>(command, async ({ output }, options) => {
    const words = [...(options.check ? ['--check'] : []), ...(options.fresh ? ['--fresh'] : [])]
    const environment = installationEnvironment()
    const installed = options.data === undefined && environment.DATABASE_URL !== undefined
    const result = installed
      ? await run(environment, words, output)
      : await withStores(layoutOf(options.data ?? './.granary'), output.log, (env) => run(env, words, output))
    const error = faultOf(result, options.check === true)
    if (error) process.exitCode = 1
    output.result({ ...result, ...(error ? { error } : {}) }, () => describe(result, error))
  })
}

async function run(environment: Record<string, string>, words: string[], output: Output): Promise<Result> {
  const program = builtProgram('api', 'reindex/main')
  // What it logs goes to stderr: stdout is for the result.
  const child = spawn(process.execPath, [program, ...words], {
    env: environment,
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  let last: Message | undefined
  let told = { phase: '', at: 0 }
  child.on('message', (message: Message) => {
    last = message
    if (message.type !== 'progress') return
    const { phase, done, total } = message
    const now = Date.now()
    if (phase === told.phase && done !== total && now - told.at < EVERY_MS) return
    told = { phase, at: now }
    output.log(total > 1 ? `${phase}: ${unitOf(phase)}${done} of ${total}` : phase)
  })
  const stop = () => void child.kill('SIGTERM')
  process.once('SIGTERM', stop)
  const code = await new Promise((resolve) => child.once('exit', resolve))
  process.off('SIGTERM', stop)
  if (last?.type === 'result') return last.result
  if (last?.type === 'error') throw new CliError(last.error.code, last.error.message)
  throw new CliError('ABORTED', `it ended early (${code}); the next one goes on where it was`)
}

const unitOf = (phase: string) => (phase === 'reading the chain' ? 'block ' : '')

function faultOf({ differing, alteredDocuments, missing }: Result, check: boolean) {
  if (check && differing + alteredDocuments.length > 0)
    return {
      code: 'REINDEX_DIFFERS',
      message: `${differing + alteredDocuments.length} rows are not as they should be`,
    }
  const lacking = missing.documents.length + missing.contents.length + missing.settlements.length
  if (lacking === 0) return undefined
  return { code: 'REINDEX_INCOMPLETE', message: `${lacking} things are not to be found; all else was done` }
}

function describe(result: Result, error: { code: string; message: string } | undefined): string {
  const { tables, missing, erased, recalledErasures, restoredDocuments, alteredDocuments } = result
  const differing = Object.entries(tables).filter(([, one]) => one.missing + one.surplus + one.altered > 0)
  return [
    `${result.resumed ? 'Went on with an earlier run. ' : ''}Read up to block ${result.block}, ${result.events} events.`,
    ...differing.map(
      ([name, one]) => `  ${name}: ${one.missing} missing, ${one.surplus} too many, ${one.altered} altered`,
    ),
    differing.length === 0
      ? 'The tables were what chain and IPFS say.'
      : result.repaired
        ? 'They are put right.'
        : 'Nothing was changed.',
    ...alteredDocuments.map(
      (digest) => `document ${digest}: its text is another's; ${result.repaired ? 'removed' : 'left'}`,
    ),
    ...(restoredDocuments > 0
      ? [`${restoredDocuments} documents were put on IPFS again from the database.`]
      : []),
    ...(erased > 0 ? [`${erased} sealed files of withdrawn datasets are gone, as they may be.`] : []),
    ...(recalledErasures > 0
      ? [`${recalledErasures} erasures that the database had lost are asked for again.`]
      : []),
    ...missing.documents.map(({ kind, cid }) => `not found: ${kind} document ${cid}`),
    ...missing.contents.map(({ cid }) => `not found: sealed file ${cid}`),
    ...missing.settlements.map(
      ({ number }) => `not found: the document of settlement ${number}; its rows stay as they were`,
    ),
    ...(error ? [`${error.message} (${error.code})`] : []),
  ].join('\n')
}
