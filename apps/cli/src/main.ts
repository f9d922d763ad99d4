import { readFileSync } from 'node:fs'
import { type Command, CommanderError } from 'commander'
import { everywhere } from './command.js'
import { registerAccounts } from './commands/accounts.js'
import { registerApprove } from './commands/approve.js'
import { registerCommittee } from './commands/committee.js'
import { registerContribute } from './commands/contribute.js'
import { registerDatasets } from './commands/datasets.js'
import { registerDeploy } from './commands/deploy.js'
import { registerExport } from './commands/export.js'
import { registerFetch } from './commands/fetch.js'
import { registerHandover } from './commands/handover.js'
import { registerInbox } from './commands/inbox.js'
import { registerKeygen } from './commands/keygen.js'
import { registerMembership } from './commands/membership.js'
import { registerMigrate } from './commands/migrate.js'
import { registerOpen } from './commands/open.js'
import { registerOverview } from './commands/overview.js'
import { registerPools } from './commands/pools.js'
import { registerProposals } from './commands/proposals.js'
import { registerReceipt } from './commands/receipt.js'
import { registerReindex } from './commands/reindex.js'
import { registerRequest } from './commands/request.js'
import { registerRequests } from './commands/requests.js'
import { registerRestore } from './commands/restore.js'
import { registerRewards } from './commands/rewards.js'
import { registerSettle } from './commands/settle.js'
import { registerSettlements } from './commands/settlements.js'
import { registerTrainer } from './commands/trainer.js'
import { registerUp } from './commands/up.js'
import { registerVerifyWeb } from './commands/verify-web.js'
import { reportError } from './output.js'
import { Program, registerHelp } from './program.js'

/** One line a command; each adds itself below the program with `program.command(…)`. */
const COMMANDS: ((program: Command) => void)[] = [
  registerUp,
  registerAccounts,
  registerKeygen,
  registerContribute,
  registerDatasets,
  registerOpen,
  registerInbox,
  registerApprove,
  registerTrainer,
  registerRequest,
  registerRequests,
  registerFetch,
  registerRewards,
  registerSettle,
  registerSettlements,
  registerMembership,
  registerProposals,
  registerPools,
  registerOverview,
  registerDeploy,
  registerMigrate,
  registerCommittee,
  registerHandover,
  registerReindex,
  registerReceipt,
  registerExport,
  registerRestore,
  registerVerifyWeb,
]

/** What package.json says. */
function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

function createProgram(): Command {
  const program = everywhere(new Program('granary'))
    .version(version(), '--version')
    .description('Seal your data, say what it may be used for, and be paid each time it is.')
    .showHelpAfterError('(add --help for what the command takes)')
    .exitOverride()
    .addHelpText(
      'after',
      '\nEnvironment:\n' +
        '  GRANARY_API           the API to talk to (default http://localhost:4280)\n' +
        '  GRANARY_PRIVATE_KEY   the wallet that signs, 0x and 64 hex digits\n' +
        '  GRANARY_RPC           a chain endpoint to use in place of the one the API names\n' +
        '  GRANARY_DEPLOYMENT    the deployment file to trust; needed unless the network is on this machine\n' +
        '  OUTGOING_ALLOW        where API and chain may send it beside public addresses: loopback, private, none, networks\n' +
        '                        (default: this machine, where the API is on it)\n' +
        '  GRANARY_HOME          folder of recovery keys and spool (default ~/.config/granary)\n' +
        '  GRANARY_LOG_LEVEL     what of its calls is told on stderr: info, debug (default silent)\n' +
        '  OTEL_EXPORTER_OTLP_ENDPOINT   an OpenTelemetry collector that is sent traces',
    )
  for (const register of COMMANDS) register(program)
  registerHelp(program)
  return program
}

/** Runs the command line. Sets the process's exit code: 0 only when the command did what it was asked. */
export async function main(argv: readonly string[]): Promise<void> {
  // Whoever reads no further (`| head`) has what they wanted. A network that runs has a listener of its own and goes on.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (process.stdout.listenerCount('error') > 1) return
    if (error.code !== 'EPIPE') throw error
    process.exit(process.exitCode ?? 0)
  })
  // What is told on the way need not be read for the work to be done.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  const words = argv.slice(2)
  const end = words.indexOf('--')
  const json = (end < 0 ? words : words.slice(0, end)).includes('--json')
  try {
    await createProgram().parseAsync([...argv])
  } catch (error) {
    // Commander throws for --help and --version too, with exit code 0.
    if (error instanceof CommanderError && error.exitCode === 0) return
    reportError(error, json)
    process.exitCode = 1
  }
}
