// What the calls of a proposal do, in the language of the page, worked out from their decoded arguments: as exact as
// the words that @granary/protocol has for them.
import type { ActionName, ArgumentKind, ProposalCall } from '@granary/protocol'
import { duration, percent } from '../../lib/duration.js'
import { calls as text } from './calls.messages.js'

type Named = Exclude<ActionName, 'raw'>

/** What a method's arguments are, in their order; constants at its end are left out. A test compares them with ACTIONS. */
export const CALL_KINDS = {
  'pool-create': ['digest', 'price', 'price'],
  'pool-price': ['pool', 'price'],
  'pool-close': ['pool'],
  'pool-open': ['pool'],
  'trainer-approve': ['account', 'time', 'digest'],
  'trainer-revoke': ['account'],
  'trainer-suspend': ['account'],
  'trainer-resume': ['account'],
  'council-add': ['account'],
  'council-remove': ['account'],
  fees: ['bps', 'bps'],
  window: ['seconds'],
  'committee-propose': ['threshold', 'members'],
  guardian: ['account'],
  'treasury-set': ['account'],
  'treasury-pay': ['account', 'amount'],
  'voting-delay': ['seconds'],
  'voting-period': ['period'],
  'proposal-threshold': ['grain'],
  quorum: ['percent'],
  'timelock-delay': ['seconds'],
} as const satisfies Record<Named, readonly ArgumentKind[]>

interface Token {
  symbol: string
  decimals: number
}

/** One call in words. Nothing of it is left out or rounded, and no character in it hides or reorders others. */
export function callText(call: ProposalCall, token: Token): string {
  const { target, data, action, contract, method } = call
  const wei = BigInt(call.value)
  const ether = exact(wei, { symbol: text.ether, decimals: 18 })
  if (contract === null || method === null) {
    if (data === '0x') return text.send(ether, target)
    return wei > 0n ? text.unknownPaid(target, data, ether) : text.unknown(target, data)
  }
  const said =
    action !== null && Object.hasOwn(CALL_KINDS, action)
      ? actionText(action as Named, call, token)
      : text.method(method, call.arguments.map(({ name, value }) => `${name}: ${value}`).join(', '), contract)
  return printable(wei > 0n ? text.paid(said, ether) : said)
}

function actionText(action: Named, call: ProposalCall, token: Token): string {
  const values = CALL_KINDS[action].map((kind, at) => say(kind, call.arguments[at]?.value ?? '', token))
  return (text.does[action] as (...values: string[]) => string)(...values)
}

function say(kind: ArgumentKind, value: string, token: Token): string {
  switch (kind) {
    case 'price':
    case 'amount':
      return exact(BigInt(value), token)
    case 'grain':
      return exact(BigInt(value), { symbol: 'GRAIN', decimals: 18 })
    case 'seconds':
    case 'period':
      return duration(Number(value))
    case 'bps':
      return percent(Number(value))
    case 'percent':
      return `${value} %`
    case 'time':
      return text.time(minute(Number(value)))
    default:
      return value
  }
}

/** To the last digit: what is voted on is not rounded. */
function exact(value: bigint, { symbol, decimals }: Token): string {
  const digits = value.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${whole}${fraction === '' ? '' : `${text.point}${fraction}`} ${symbol}`
}

/** Unix seconds → `2030-12-31 12:00`, in UTC. */
function minute(seconds: number): string {
  const last = Date.UTC(9999, 11, 31) / 1000
  return new Date(Math.min(seconds, last) * 1000).toISOString().slice(0, 16).replace('T', ' ')
}

const printable = (words: string) => words.replace(/[\p{Cc}\p{Cf}]/gu, '?')
