import {
  DATASET_FORMATS,
  DATASET_ORDERS,
  type DatasetResource,
  GranaryError,
  type HistoryItem,
  type OwnedUse,
} from '@granary/protocol'
import type { Command } from 'commander'
import { reader, signer } from '../client.js'
import { action } from '../command.js'
import { confirm } from '../confirm.js'
import {
  bytes,
  describeSchema,
  money,
  printable,
  toAddress,
  toId,
  toPool,
  toPurposes,
  toTime,
} from '../values.js'
import { describeErasure, ERASE_QUESTION, registerStorage } from './datasets.storage.js'

/** `granary datasets …`: one's own datasets, their consent and what happened to them. */
export function registerDatasets(program: Command): void {
  const group = program
    .command('datasets')
    .description('list datasets, look at one, change its consent or withdraw it')
    .addHelpText(
      'after',
      `
Examples:
  granary datasets
  granary datasets show 0x…
  granary datasets consent 0x… --purposes evaluation --expires 1y
  granary datasets withdraw 0x… --erase --yes
  granary datasets readers 0x…
  granary datasets storage 0x…`,
    )
  registerList(group)
  registerShow(group)
  registerConsent(group)
  registerWithdraw(group)
  registerHistory(group)
  registerReaders(group)
  registerStorage(group)
}

const STATUSES = ['active', 'withdrawn', 'expired'] as const

interface ListOptions {
  owner?: string
  pool?: string
  purposes?: string
  search?: string
  format?: string
  ask?: string
  status?: string
  sort: string
}

function oneOf<T extends string>(names: readonly T[], option: string, given: string): T {
  const found = names.find((name) => name === given)
  if (found === undefined) throw new GranaryError('USAGE', `${option} takes ${names.join(', ')}`)
  return found
}

function registerList(group: Command): void {
  const command = group
    .command('list', { isDefault: true })
    .description("datasets, newest first; yours when a wallet is set, otherwise everybody's")
    .option('--owner <address>', 'of this account; `all` for everybody')
    .option('--pool <number>', 'in this pool')
    .option('--purposes <names>', 'whose consent allows all of these now')
    .option('--search <words>', 'whose title or description has these words, or words that begin so')
    .option('--format <names>', `any of these, separated by commas: ${DATASET_FORMATS.join(', ')}`)
    .option('--ask <yes|no>', 'whose owner is asked before each request gets it, or is not')
    .option('--status <name>', 'active, withdrawn or expired')
    .option('--sort <order>', `${DATASET_ORDERS.join(', ')} first`, 'newest')
  action<ListOptions>(command, async (context, options) => {
    const mine = context.environment.privateKey ? signer(context).address : undefined
    const owner = options.owner === 'all' ? undefined : options.owner ? toAddress(options.owner) : mine
    const client = reader(context)
    const { token } = (await client.network()).display
    const datasets: DatasetResource[] = []
    const filter = {
      owner,
      pool: options.pool ? toPool(options.pool) : undefined,
      purposes: options.purposes ? toPurposes(options.purposes) : undefined,
      q: options.search,
      formats: options.format?.split(',').map((name) => oneOf(DATASET_FORMATS, '--format', name.trim())),
      ask:
        options.ask === undefined ? undefined : oneOf(['yes', 'no'] as const, '--ask', options.ask) === 'yes',
      status: options.status === undefined ? undefined : oneOf(STATUSES, '--status', options.status),
    }
    const sort = oneOf(DATASET_ORDERS, '--sort', options.sort)
    for await (const dataset of client.datasets.list(filter, sort)) datasets.push(dataset)
    context.output.result({ datasets }, () =>
      datasets.length === 0
        ? 'No datasets.'
        : datasets
            .map(
              ({ id, status, earned, uses, metadata }) =>
                `${id}  ${status.padEnd(9)}  ${String(uses).padStart(5)} uses  ${money(earned, token).padStart(16)}  ${printable(metadata?.title ?? '')}`,
            )
            .join('\n'),
    )
  })
}

function registerShow(group: Command): void {
  const command = group
    .command('show')
    .argument('<id>')
    .description('one dataset with its consent and what it earned')
  action<object, [string]>(command, async (context, _options, id) => {
    const client = reader(context)
    const { token } = (await client.network()).display
    const dataset = await client.datasets.get(toId(id))
    context.output.result(dataset, () => describe(dataset, token))
  })
}

function registerConsent(group: Command): void {
  const command = group
    .command('consent')
    .argument('<id>')
    .description('change what a dataset may be used for from now on')
    .option('--purposes <names>', 'replaces the purposes')
    .option('--expires <date>', 'replaces the expiry: 2030-12-31, 2y, or `never`')
    .option('--ask <yes|no>', 'whether you are asked before each request gets it')
    .addHelpText(
      'after',
      '\nWhat is left out stays as it is.\n\nExample:\n  granary datasets consent 0x… --purposes evaluation,retrieval --ask yes',
    )
  action<{ purposes?: string; expires?: string; ask?: string }, [string]>(
    command,
    async (context, options, text) => {
      const id = toId(text)
      const { client } = signer(context)
      if (!options.purposes && !options.expires && !options.ask)
        throw new GranaryError('USAGE', 'say what to change: --purposes, --expires or --ask')
      if (options.ask && !['yes', 'no'].includes(options.ask))
        throw new GranaryError('USAGE', '--ask takes yes or no')
      const before = await client.datasets.get(id)
      const kept = before.expires ? new Date(before.expires) : null
      const done = await client.datasets.updateConsent(id, {
        purposes: options.purposes ? toPurposes(options.purposes) : before.purposes,
        expires: options.expires ? (options.expires === 'never' ? null : toTime(options.expires)) : kept,
        ask: options.ask ? options.ask === 'yes' : before.ask,
      })
      const { purposes, expires, ask } = await client.datasets.get(id)
      context.output.result(
        { dataset: id, purposes, expires, ask, ...done },
        `Changed: ${purposes.join(', ')}. Transaction ${done.transaction}`,
      )
    },
  )
}

function registerWithdraw(group: Command): void {
  const command = group
    .command('withdraw')
    .argument('<id>')
    .description('end consent for good: no release after this')
    .option('--erase', 'and have the sealed file deleted, too')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `\nFinal. It cannot take back what a trainer already has.\n\nWith --erase: ${ERASE_QUESTION}\n\nExample:\n  granary datasets withdraw 0x… --yes`,
    )
  action<{ erase?: boolean; yes?: boolean }, [string]>(command, async (context, options, text) => {
    const id = toId(text)
    const { client } = signer(context)
    const question = options.erase
      ? `${ERASE_QUESTION}\nWithdraw and erase ${id} for good?`
      : `Withdraw ${id} for good?`
    if (!options.yes) await confirm(`${question} It cannot be undone.`)
    const done = await client.datasets.withdraw(id)
    const erasure = options.erase ? await client.datasets.erase(id) : null
    context.output.result(
      { dataset: id, withdrawn: true, ...done, ...(erasure ? { erasure } : {}) },
      `Withdrawn. Transaction ${done.transaction}${erasure ? `\n${describeErasure(erasure)}` : ''}`,
    )
  })
}

function registerHistory(group: Command): void {
  const command = group
    .command('history')
    .argument('<id>')
    .description('everything that ever happened to a dataset, reads included')
  action<object, [string]>(command, async (context, _options, id) => {
    const history: HistoryItem[] = []
    for await (const item of reader(context).datasets.history(toId(id))) history.push(item)
    context.output.result({ history }, () =>
      history.map(({ time, type, transaction }) => `${time}  ${type.padEnd(16)} ${transaction}`).join('\n'),
    )
  })
}

function registerReaders(group: Command): void {
  const command = group
    .command('readers')
    .argument('<id>')
    .description(
      'everyone who read a dataset, for what, when, and what each use earned; releases show once settled',
    )
    .addHelpText('after', '\n`granary rewards verify` holds each of them against the chain.')
  action<object, [string]>(command, async (context, _options, text) => {
    const id = toId(text)
    const client = reader(context)
    const { token } = (await client.network()).display
    const { owner } = await client.datasets.get(id)
    const readers: OwnedUse[] = []
    for await (const use of client.owners.uses(owner, id)) readers.push(use)
    context.output.result({ readers }, () =>
      readers.length === 0
        ? 'Nobody has, that was settled.'
        : readers
            .map(
              ({ time, trainer, trainerName, purposes, amount, request, settlement }) =>
                `${time}  ${money(amount, token).padStart(16)}  ${printable(trainerName ?? '')} ${trainer ?? ''} for ${purposes.join(', ')}  request ${request}  settlement ${settlement}`,
            )
            .join('\n'),
    )
  })
}

function describe(dataset: DatasetResource, token: { symbol: string; decimals: number }): string {
  const rows: [string, string][] = [
    ['title', printable(dataset.metadata?.title ?? '')],
    ['dataset', dataset.id],
    ['CID', dataset.cid],
    ['owner', dataset.owner],
    ['pool', String(dataset.pool)],
    ['status', dataset.status],
    ['purposes', dataset.purposes.join(', ')],
    ['expires', dataset.expires ?? 'when withdrawn'],
    ['asks first', dataset.ask ? 'yes' : 'no'],
    ['about', printable(dataset.metadata?.description ?? '')],
    ['holds', holds(dataset)],
    ['size', dataset.metadata ? bytes(dataset.metadata.size) : 'unknown'],
    ['earned', `${money(dataset.earned, token)} in ${dataset.uses} uses`],
    ['registered', `${dataset.registered.time}, transaction ${dataset.registered.transaction}`],
  ]
  return rows.map(([name, value]) => `${name.padEnd(11)} ${value}`).join('\n')
}

/** What its owner says that it holds. */
function holds({ metadata }: DatasetResource): string {
  const schema = metadata?.schema
  if (schema === undefined) return 'not said'
  return typeof schema === 'string' ? printable(schema) : describeSchema(schema)
}
