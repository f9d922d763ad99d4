// Calls of the Timelock from actions by name, and back into plain words.
import { getAddress, Interface, type Result } from 'ethers'
import { CONTRACT_ABIS } from '../contracts.js'
import type { Deployment } from '../deployment.js'
import { GranaryError } from '../errors.js'
import type { Address, Hex } from '../hex.js'
import type { ProposalCall } from '../rest/governance.js'
import { ACTIONS, type Action, type ActionName, isActionName } from './actions.js'
import { type ArgumentKind, KINDS, type Words } from './arguments.js'

/** One call that the Timelock makes; `value` in wei. */
export interface Call {
  target: Address
  value: bigint
  data: Hex
}

/** The arguments of an action by name: text as people type it, or numbers; members of a committee as objects. */
export type ActionArguments = Readonly<Record<string, unknown>>

const RAW: Action['arguments'] = {
  target: { kind: 'account', about: 'the contract that is called' },
  value: { kind: 'wei', about: 'wei that is sent along' },
  data: { kind: 'calldata', about: 'calldata' },
}

const interfaces = new Map<string, Interface>()

/**
 * The call of an action.
 *
 * @throws GranaryError ACTION_UNKNOWN, ARGUMENT_INVALID naming each argument at fault
 */
export function buildCall(name: string, given: ActionArguments, deployment: Deployment): Call {
  if (!isActionName(name)) throw new GranaryError('ACTION_UNKNOWN', { action: name })
  const action: Action | null = name === 'raw' ? null : ACTIONS[name]
  const values = readArguments(
    action?.arguments ?? RAW,
    name === 'raw' ? { value: 0, data: '0x', ...given } : given,
  )
  if (!action) return values as unknown as Call
  if (name === 'committee-propose') checkSize(values)
  const args = action.takes.map((each) => (typeof each === 'string' ? values[each] : each))
  const data = interfaceOf(action.contract).encodeFunctionData(action.method, args) as Hex
  return { target: deployment[action.contract], value: 0n, data }
}

/**
 * What a call does, in plain words. What is not exactly a call of a method of ours, to the byte, is shown raw: nothing
 * is ever left out.
 */
export function describeCall(call: Call, deployment: Deployment, words: Words): ProposalCall {
  const { target, value, data } = call
  const raw = { target: getAddress(target) as Address, value: value.toString(), data }
  const known = decode(call, deployment)
  if (!known) {
    const text =
      data === '0x' ? `Send ${KINDS.wei.say(value)} to ${raw.target}` : unknownText(raw.target, call)
    return { ...raw, text, action: null, contract: null, method: null, arguments: [] }
  }
  const { contract, method, values, names } = known
  const found = actionOf(contract, method, values)
  const paid = value > 0n ? `, sending ${KINDS.wei.say(value)} along` : ''
  const pairs = values.map((each, i) => ({ name: names[i] || `${i + 1}`, value: plain(each) }))
  return {
    ...raw,
    text: printable(
      (found ? sentence(found.action, values, words) : methodText(contract, method, pairs)) + paid,
    ),
    action: found?.name ?? null,
    contract,
    method,
    arguments: pairs,
  }
}

function readArguments(wanted: Action['arguments'], given: ActionArguments): Record<string, unknown> {
  const faults: string[] = Object.keys(given)
    .filter((name) => !Object.hasOwn(wanted, name))
    .map((name) => `${name} is none of its arguments`)
  const values: Record<string, unknown> = {}
  for (const [name, { kind }] of Object.entries(wanted)) {
    values[name] = KINDS[kind].read(given[name])
    if (values[name] === undefined) faults.push(`${name} must be ${KINDS[kind].expected}`)
  }
  if (faults.length > 0) throw new GranaryError('ARGUMENT_INVALID', faults.join('; '))
  return values
}

function checkSize({ threshold, members }: Record<string, unknown>): void {
  const count = (members as unknown[]).length
  if (count < 2 * Number(threshold) - 1)
    throw new GranaryError(
      'ARGUMENT_INVALID',
      `threshold must be at most half of the ${count} members, rounded up`,
    )
}

function interfaceOf(contract: keyof typeof CONTRACT_ABIS): Interface {
  const kept = interfaces.get(contract) ?? new Interface(CONTRACT_ABIS[contract])
  interfaces.set(contract, kept)
  return kept
}

function decode({ target, data }: Call, deployment: Deployment) {
  const contract = (Object.keys(CONTRACT_ABIS) as (keyof typeof CONTRACT_ABIS)[]).find(
    (name) => deployment[name].toLowerCase() === target.toLowerCase(),
  )
  if (!contract || data.length < 10) return null
  const abi = interfaceOf(contract)
  const method = abi.getFunction(data.slice(0, 10))
  if (!method) return null
  try {
    const values = [...abi.decodeFunctionData(method, data)]
    // Bytes that a decoder passes over could hide something.
    if (abi.encodeFunctionData(method, values) !== data.toLowerCase()) return null
    return { contract, method: method.name, values, names: method.inputs.map((input) => input.name) }
  } catch {
    return null
  }
}

function actionOf(contract: string, method: string, values: unknown[]) {
  for (const [name, action] of Object.entries(ACTIONS) as [ActionName, Action][]) {
    if (action.contract !== contract || action.method !== method) continue
    if (action.takes.every((each, i) => typeof each === 'string' || each === values[i]))
      return { name, action }
  }
  return null
}

function sentence(action: Action, values: unknown[], words: Words): string {
  return action.words.replace(/\{(\w+)\}/g, (_, name: string) => {
    const { kind } = action.arguments[name] as { kind: ArgumentKind }
    return KINDS[kind].say(values[action.takes.indexOf(name)] as never, words)
  })
}

function methodText(contract: string, method: string, pairs: { name: string; value: string }[]): string {
  return `Call ${method}(${pairs.map(({ name, value }) => `${name}: ${value}`).join(', ')}) of ${contract}`
}

function unknownText(target: string, { value, data }: Call): string {
  const paid = value > 0n ? ` and ${KINDS.wei.say(value)}` : ''
  return `Call ${target} with data that Granary does not know${paid}: ${data}`
}

/** Endpoints and the like are written by strangers: no character that hides or reorders others gets through. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?')
}

/** A decoded value as text; of structs and lists their parts. */
function plain(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return `[${[...(value as Result)].map(plain).join(', ')}]`
}
