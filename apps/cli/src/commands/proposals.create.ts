import { readFileSync, writeFileSync } from 'node:fs'
import {
  ACTIONS,
  type ActionArguments,
  type ActionName,
  type ArgumentKind,
  documentDigest,
  GranaryError,
  type TermsDocument,
} from '@granary/protocol'
import type { Wanted } from '@granary/sdk'
import { fileFault } from '@granary/sdk/node'
import type { Command } from 'commander'
import { ZeroHash } from 'ethers'
import { signer } from '../client.js'
import { action, type Context } from '../command.js'
import { confirm } from '../confirm.js'
import { readIdentity } from '../deploy/committee.js'
import { printable, toAddress, toSeconds, toTime } from '../values.js'

type Options = Record<string, string | undefined>
type Client = ReturnType<typeof signer>['client']

/** What is read from the command line in another way than by one option for each argument. */
interface Special {
  options: readonly (readonly [flags: string, about: string, fallback?: string])[]
  read(options: Options, client: Client): Promise<ActionArguments>
}

const HINTS: Partial<Record<ArgumentKind, string>> = {
  account: 'address',
  price: 'amount',
  grain: 'amount',
  seconds: 'time',
  period: 'time',
  time: 'date',
  digest: 'hash',
  calldata: 'hex',
}
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const SPECIAL: Partial<Record<ActionName, Special>> = {
  'pool-create': {
    options: [
      ['--title <text>', 'what the pool is called'],
      ['--price <amount>', "price per use in the token's smallest unit"],
      ['--lowest-price <amount>', 'the price never goes below it (default: the price)'],
      ['--description <text>', 'what belongs into it', ''],
      [
        '--terms <text>',
        'what contributors and trainers agree to',
        'Each use is paid at the price of the pool.',
      ],
      ['--out <file>', 'write the terms document there, to be added to IPFS (`ipfs add --cid-version 1`)'],
    ],
    async read({ title, description = '', terms = '', price, lowestPrice, out }) {
      if (!title) throw new GranaryError('ARGUMENT_INVALID', '--title is needed: what the pool is called')
      const document: TermsDocument = { version: 'granary/terms/v1', title, description, terms }
      const { bytes, digest } = await documentDigest(document)
      if (out) writeFileSync(out, bytes)
      return { terms: digest, price, lowestPrice: lowestPrice ?? price }
    },
  },
  'trainer-approve': {
    options: [
      ['--trainer <address>', 'the account of the trainer'],
      ['--until <date>', '2030-12-31, or 1y from now', '1y'],
    ],
    async read({ trainer = '', until = '1y' }, client) {
      const address = toAddress(trainer)
      const { profile } = await client.trainers.get(address)
      const digest = profile ? (await documentDigest(profile)).digest : ZeroHash
      return { trainer: address, until: Math.floor(toTime(until).getTime() / 1000), profile: digest }
    },
  },
  'committee-propose': {
    options: [
      ['--threshold <n>', 'how many of them open a file together'],
      [
        '--endpoints <urls>',
        'base URL of each custodian, separated by commas, in the order of their indices',
      ],
    ],
    async read({ threshold, endpoints = '' }) {
      const urls = endpoints.split(',').map((url) => url.trim().replace(/\/+$/, ''))
      if (!endpoints)
        throw new GranaryError('ARGUMENT_INVALID', '--endpoints is needed: where custodians answer')
      const identities = await Promise.all(urls.map(readIdentity))
      const members = identities.map(({ address, endpoint, recipient }) => ({
        account: address,
        endpoint,
        recipient,
      }))
      return { threshold, members }
    },
  },
}

/** `granary proposals create <action> …`: one command for each action of the catalogue, `raw` and `batch`. */
export function registerCreate(group: Command): void {
  const create = group
    .command('create')
    .description('propose something; each action has its own options')
    .addHelpText(
      'after',
      `
What you are about to sign is shown in words first. Times are seconds, or 90s, 24h, 7d.

Examples:
  granary proposals create pool-price --pool 1 --price 2000000000000000000
  granary proposals create pool-create --title Recipes --price 1000000000000000000
  granary proposals create trainer-approve --trainer 0x… --until 1y
  granary proposals create fees --treasury 500 --custodians 1000 --text "As before"
  granary proposals create treasury-pay --to 0x… --amount 5000000000000000000
  granary proposals create batch calls.json`,
    )
  for (const [name, { about, arguments: wanted }] of Object.entries(ACTIONS)) {
    const special = SPECIAL[name as ActionName]
    const command = create.command(name).description(about)
    for (const [flags, text, fallback] of special?.options ?? optionsOf(wanted))
      command.option(flags, text, fallback)
    proposes(command, async (options, client) => [
      {
        action: name,
        arguments: special ? await special.read(options, client) : argumentsOf(wanted, options),
      },
    ])
  }
  const raw = create
    .command('raw')
    .description('any call of any contract')
    .option('--target <address>', 'the contract that is called')
    .option('--data <hex>', 'calldata', '0x')
    .option('--value <wei>', 'wei that the Timelock sends along', '0')
  proposes(raw, async ({ target, data, value }) => [{ action: 'raw', arguments: { target, data, value } }])
  registerBatch(create)
}

function registerBatch(create: Command): void {
  const command = create
    .command('batch')
    .argument('<file>', 'JSON: a list of {"action": "…", "arguments": {…}}')
    .description('several actions, which happen together or not at all')
    .addHelpText(
      'after',
      '\nExample of a file:\n  [{"action": "pool-price", "arguments": {"pool": 1, "price": "2000000000000000000"}},\n   {"action": "window", "arguments": {"seconds": 604800}}]',
    )
  proposes(command, async (_options, _client, file) => {
    try {
      const calls = JSON.parse(readFileSync(file as string, 'utf8')) as Wanted[]
      if (Array.isArray(calls)) return calls
    } catch (error) {
      const why = error instanceof SyntaxError ? error.message : fileFault(error as NodeJS.ErrnoException)
      throw new GranaryError('FILE_UNREADABLE', `${file}: ${why}`)
    }
    throw new GranaryError('ARGUMENT_INVALID', `${file} is no list of actions`)
  })
}

function proposes(
  command: Command,
  read: (options: Options, client: Client, argument?: string) => Promise<Wanted[]>,
): void {
  command.option('--text <text>', 'why; shown beside what it does (default: what it does)')
  command.option('--yes', 'do not ask')
  action<Options & { yes?: boolean }, [string?]>(command, async (context, options, argument) => {
    const { client } = signer(context)
    const calls = await read(options as Options, client, argument)
    await propose(context, client, calls, options)
  })
}

async function propose(
  { output }: Context,
  client: Client,
  calls: Wanted[],
  options: { text?: string; yes?: boolean },
): Promise<void> {
  const words = (await client.governance.describe(calls)).map((call) => printable(call.text))
  output.log('You are about to propose that the DAO does this:')
  for (const line of words) output.log(`  ${line}`)
  if (!options.yes) await confirm('Sign this proposal?')
  const done = await client.governance.create({ calls, description: options.text ?? words.join('\n') })
  const proposal = await client.governance.get(done.id)
  output.result(
    { ...proposal, ...done },
    `Proposal ${done.id}. Vote after ${proposal.voteStart}, until ${proposal.voteEnd}. Transaction ${done.transaction}`,
  )
}

type Wants = Readonly<Record<string, { kind: ArgumentKind; about: string }>>

function optionsOf(wanted: Wants) {
  return Object.entries(wanted).map(
    ([name, { kind, about }]) => [`--${kebab(name)} <${HINTS[kind] ?? kind}>`, about] as const,
  )
}

function argumentsOf(wanted: Wants, options: Options): ActionArguments {
  return Object.fromEntries(
    Object.entries(wanted).map(([name, { kind }]) => {
      const text = options[name]
      const time = text !== undefined && (kind === 'seconds' || kind === 'period')
      return [name, time ? toSeconds(text) : text]
    }),
  )
}
