import { AbiCoder, concat, keccak256, toBeHex } from 'ethers'
import type { Address, Hex } from '../hex.js'
import type { Call } from './calls.js'

const coder = AbiCoder.defaultAbiCoder()

/** The Governor's id of a proposal, as 32 bytes: its calls and the keccak256 of its text. */
export function proposalId(calls: readonly Call[], descriptionHash: Hex): Hex {
  const types = ['address[]', 'uint256[]', 'bytes[]', 'bytes32']
  return keccak256(coder.encode(types, [...columns(calls), descriptionHash])) as Hex
}

/** The Timelock's id of the operation that the proposal of a Governor becomes when it is queued. */
export function operationId(calls: readonly Call[], descriptionHash: Hex, governor: Address): Hex {
  const account = BigInt(concat([governor, `0x${'00'.repeat(12)}`]))
  const salt = toBeHex(account ^ BigInt(descriptionHash), 32)
  const types = ['address[]', 'uint256[]', 'bytes[]', 'bytes32', 'bytes32']
  return keccak256(coder.encode(types, [...columns(calls), toBeHex(0, 32), salt])) as Hex
}

function columns(calls: readonly Call[]) {
  return [calls.map(({ target }) => target), calls.map(({ value }) => value), calls.map(({ data }) => data)]
}
