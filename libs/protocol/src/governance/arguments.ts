// The kinds of arguments that actions take: how each is read from what people type or programs send, and said.
import { formatUnits, getAddress, isAddress } from 'ethers'
import type { Address, Hex } from '../hex.js'
import { MAX_MEMBERS, MAX_TIME, MIN_THRESHOLD, TOKEN_DECIMALS } from '../limits.js'

/** A member of a committee as `CustodianCommittee.propose` takes it. */
export interface CommitteeMemberArgument {
  account: Address
  endpoint: string
  recipient: string
}

/** What amounts are said in. */
export interface Words {
  token: { symbol: string; decimals: number }
}

export type ArgumentKind = keyof typeof KINDS

interface Kind {
  /** What is expected, to follow "must be". */
  expected: string
  /** The value as ethers encodes it; undefined when it is none. */
  read(given: unknown): unknown
  /** A decoded value in words. */
  say(value: never, words: Words): string
}

export const KINDS = {
  account: {
    expected: 'an address',
    read: (given) => (typeof given === 'string' && isAddress(given) ? getAddress(given) : undefined),
    say: (value: string) => value,
  },
  pool: {
    expected: 'the number of a pool, 1 to 65535',
    read: (given) => whole(given, 1n, 65_535n),
    say: (value: bigint) => String(value),
  },
  price: {
    expected: "an amount in the token's smallest unit, more than 0 and below 2^128",
    read: (given) => whole(given, 1n, (1n << 128n) - 1n),
    say: (value: bigint, { token }: Words) => money(value, token),
  },
  amount: {
    expected: "an amount in the token's smallest unit, more than 0",
    read: (given) => whole(given, 1n, (1n << 256n) - 1n),
    say: (value: bigint, { token }: Words) => money(value, token),
  },
  grain: {
    expected: 'an amount of GRAIN in its smallest unit',
    read: (given) => whole(given, 0n, (1n << 256n) - 1n),
    say: (value: bigint) => money(value, { symbol: 'GRAIN', decimals: TOKEN_DECIMALS }),
  },
  seconds: {
    expected: 'whole seconds',
    read: (given) => whole(given, 0n, (1n << 32n) - 1n),
    say: (value: bigint) => duration(value),
  },
  period: {
    expected: 'whole seconds, at least 1',
    read: (given) => whole(given, 1n, (1n << 32n) - 1n),
    say: (value: bigint) => duration(value),
  },
  time: {
    expected: 'a time in Unix seconds',
    read: (given) => whole(given, 1n, BigInt(MAX_TIME)),
    say: (value: bigint) => moment(value),
  },
  bps: {
    expected: 'parts in 10,000, 0 to 5000',
    read: (given) => whole(given, 0n, 5_000n),
    say: (value: bigint) => `${formatUnits(value, 2).replace(/\.0$/, '')} %`,
  },
  percent: {
    expected: 'a percentage, 0 to 100',
    read: (given) => whole(given, 0n, 100n),
    say: (value: bigint) => `${value} %`,
  },
  digest: {
    expected: '0x and 64 hex digits',
    read: (given) => hex(given, /^0x[0-9a-f]{64}$/),
    say: (value: string) => value,
  },
  threshold: {
    expected: `a number from ${MIN_THRESHOLD} to ${MAX_MEMBERS}`,
    read: (given) => whole(given, BigInt(MIN_THRESHOLD), BigInt(MAX_MEMBERS)),
    say: (value: bigint) => String(value),
  },
  members: {
    expected: 'a list of {account, endpoint, recipient}',
    read: (given) => members(given),
    say: (value: readonly CommitteeMemberArgument[]) =>
      value.map(({ account, endpoint }) => `${account} at ${endpoint}`).join(', '),
  },
  wei: {
    expected: 'an amount of wei',
    read: (given) => whole(given, 0n, (1n << 256n) - 1n),
    say: (value: bigint) => `${formatUnits(value, 18).replace(/\.0$/, '')} ether`,
  },
  calldata: {
    expected: '0x and hex digits, at most 16 KiB',
    read: (given) => hex(given, /^0x([0-9a-f]{2}){0,16384}$/),
    say: (value: string) => value,
  },
} as const satisfies Record<string, Kind>

/** An amount for people: `12.5 gUSD`. */
export function money(amount: bigint, token: Words['token']): string {
  return `${formatUnits(amount, token.decimals).replace(/\.0$/, '')} ${token.symbol}`
}

const STEPS = [
  [86_400n, 'day'],
  [3_600n, 'hour'],
  [60n, 'minute'],
  [1n, 'second'],
] as const

/** Seconds in the largest unit that fits without a rest: `7 days`. */
export function duration(seconds: bigint): string {
  const [size, name] =
    STEPS.find(([step]) => seconds >= step && seconds % step === 0n) ?? ([1n, 'second'] as const)
  const count = seconds / size
  return `${count} ${name}${count === 1n ? '' : 's'}`
}

/** Unix seconds as `2030-12-31 12:00 UTC`. */
export function moment(seconds: bigint): string {
  const last = BigInt(Date.UTC(9999, 11, 31) / 1000)
  const date = new Date(Number(seconds > last ? last : seconds) * 1000)
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function whole(given: unknown, least: bigint, most: bigint): bigint | undefined {
  const text = typeof given === 'number' || typeof given === 'bigint' ? String(given) : given
  if (typeof text !== 'string' || !/^(0|[1-9][0-9]{0,77})$/.test(text)) return undefined
  const value = BigInt(text)
  return value >= least && value <= most ? value : undefined
}

function hex(given: unknown, pattern: RegExp): Hex | undefined {
  const text = typeof given === 'string' ? given.toLowerCase() : ''
  return pattern.test(text) ? (text as Hex) : undefined
}

function members(given: unknown): CommitteeMemberArgument[] | undefined {
  if (!Array.isArray(given) || given.length === 0 || given.length > MAX_MEMBERS) return undefined
  const read = given.map((member: Partial<CommitteeMemberArgument> | null) => {
    const { account, endpoint, recipient } = member ?? {}
    const complete = typeof account === 'string' && isAddress(account) && endpoint && recipient
    return complete ? { account: getAddress(account) as Address, endpoint, recipient } : undefined
  })
  return read.every((member) => member !== undefined) ? read : undefined
}
