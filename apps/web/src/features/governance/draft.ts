// What somebody types for a proposal, read into what an action takes. The same kinds and limits as everywhere: what is
// read here is checked again by `buildCall`, from which the calls are made.
import {
  ACTIONS,
  type ActionArguments,
  type ActionName,
  type ArgumentKind,
  KINDS,
  MAX_FEES_BPS,
  type NetworkResource,
  type PoolResource,
} from '@granary/protocol'
import { isAddress, parseUnits } from 'ethers'
import { draft as text } from './draft.messages.js'

/** The texts of an action's fields, by their names; of a time there is its unit beside it, as `<name>.unit`. */
export type Fields = Readonly<Record<string, string>>

export interface FieldOf {
  name: string
  kind: ArgumentKind
}

/** Fields of actions that are made of something else than their arguments. */
const SPECIAL: Partial<Record<ActionName, readonly FieldOf[]>> = {
  'pool-create': [
    { name: 'terms', kind: 'digest' },
    { name: 'lowestPrice', kind: 'price' },
    { name: 'price', kind: 'price' },
  ],
  'trainer-approve': [
    { name: 'trainer', kind: 'account' },
    { name: 'until', kind: 'time' },
  ],
  raw: [
    { name: 'target', kind: 'account' },
    { name: 'value', kind: 'wei' },
    { name: 'data', kind: 'calldata' },
  ],
}

/** All that can be proposed, as the page groups it. */
export const GROUPS = {
  pools: ['pool-price', 'pool-create', 'pool-close', 'pool-open'],
  trainers: ['trainer-approve', 'trainer-revoke', 'trainer-suspend', 'trainer-resume'],
  money: ['fees', 'treasury-pay', 'treasury-set', 'window'],
  people: ['committee-propose', 'guardian', 'council-add', 'council-remove'],
  votes: ['voting-delay', 'voting-period', 'proposal-threshold', 'quorum', 'timelock-delay'],
  other: ['raw'],
} as const satisfies Record<string, readonly ActionName[]>

export function fieldsOf(action: ActionName): readonly FieldOf[] {
  const special = SPECIAL[action]
  if (special || action === 'raw') return special ?? []
  return Object.entries(ACTIONS[action].arguments).map(([name, { kind }]) => ({ name, kind }))
}

export const SECONDS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const

/** The argument that a field's text stands for; undefined when it is none. */
export function readField({ name, kind }: FieldOf, fields: Fields): unknown {
  const typed = (fields[name] ?? '').trim()
  switch (kind) {
    case 'price':
    case 'amount':
    case 'grain':
      return KINDS[kind].read(decimal(typed, 18))
    case 'wei':
      return KINDS.wei.read(typed === '' ? '0' : decimal(typed, 18))
    case 'bps':
      return KINDS.bps.read(decimal(typed, 2))
    case 'seconds':
    case 'period': {
      const unit = fields[`${name}.unit`] as keyof typeof SECONDS | undefined
      const count = /^(0|[1-9][0-9]{0,9})$/.test(typed) ? Number(typed) : Number.NaN
      return Number.isNaN(count) ? undefined : KINDS[kind].read(count * SECONDS[unit ?? 'seconds'])
    }
    case 'time': {
      const day = /^\d{4}-\d{2}-\d{2}$/.test(typed) ? Date.parse(`${typed}T23:59:59Z`) : Number.NaN
      return Number.isNaN(day) ? undefined : KINDS.time.read(Math.floor(day / 1000))
    }
    case 'members':
      return KINDS.members.read(readMembers(typed))
    case 'calldata':
      return KINDS.calldata.read(typed === '' ? '0x' : typed)
    default:
      return KINDS[kind].read(typed)
  }
}

/** One member a line: account, endpoint, recipient. */
function readMembers(typed: string) {
  return typed
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [account, endpoint, recipient] = line.split(/[\s,]+/)
      return { account, endpoint, recipient }
    })
}

/** `1.5` → `150` for two decimals; anything else stays as it is, so that whoever reads it refuses it. */
function decimal(typed: string, decimals: number): string {
  const plain = typed.replace(',', '.')
  if (!/^[0-9]+(\.[0-9]+)?$/.test(plain)) return 'none'
  try {
    return String(parseUnits(plain, decimals))
  } catch {
    return 'none'
  }
}

/** What a draft is judged by, beside its own fields. */
export interface Facts {
  network: Pick<NetworkResource, 'dao' | 'token'>
  pools: readonly PoolResource[]
  /** Unix seconds. */
  now: number
}

/** What is wrong with each field of an action, in words; empty when it can be proposed. */
export function faultsOf(action: ActionName, fields: Fields, facts: Facts): Record<string, string> {
  const faults: Record<string, string> = {}
  const values: Record<string, unknown> = {}
  for (const field of fieldsOf(action)) {
    values[field.name] = readField(field, fields)
    if (values[field.name] !== undefined) continue
    faults[field.name] = (fields[field.name] ?? '').trim() === '' ? text.missing : text.invalid[field.kind]
  }
  if (Object.keys(faults).length > 0) return faults
  const pool = facts.pools.find(({ id }) => String(id) === String(values.pool))
  const price = values.price as bigint
  if ('pool' in values && !pool) faults.pool = text.noPool
  if (action === 'pool-price' && pool && price < BigInt(pool.lowestPrice)) faults.price = text.belowLowest
  if (action === 'pool-create' && price < (values.lowestPrice as bigint)) faults.price = text.belowLowest
  if (action === 'pool-close' && pool?.closed) faults.pool = text.alreadyClosed
  if (action === 'pool-open' && pool && !pool.closed) faults.pool = text.alreadyOpen
  if (action === 'fees' && Number(values.treasury) + Number(values.custodians) > MAX_FEES_BPS)
    faults.custodians = text.feesTooHigh
  if (action === 'trainer-approve' && Number(values.until) <= facts.now) faults.until = text.past
  if (action === 'committee-propose') {
    const count = (values.members as unknown[]).length
    if (count < 2 * Number(values.threshold) - 1) faults.threshold = text.tooFewMembers(count)
  }
  return faults
}

/** The action's arguments; only for fields without fault. `profile`: digest of what is approved, for a trainer. */
export function argumentsOf(action: ActionName, fields: Fields, profile: string): ActionArguments {
  const values = Object.fromEntries(fieldsOf(action).map((field) => [field.name, readField(field, fields)]))
  return action === 'trainer-approve' ? { ...values, profile } : values
}

export const isAccount = (typed: string) => isAddress(typed.trim())
