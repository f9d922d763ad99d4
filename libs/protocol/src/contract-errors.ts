import { Interface, type InterfaceAbi } from 'ethers'
import * as abis from './abi/index.js'
import { type ErrorCode, isErrorCode } from './errors.js'

/** A Solidity custom error's name as code: DatasetExists → DATASET_EXISTS, ERC20InvalidSender → ERC20_INVALID_SENDER. */
export function upperSnake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toUpperCase()
}

/** Every custom error in the ABIs of Granary's contracts: selector → name. */
export function contractErrors(): ReadonlyMap<string, string> {
  known ??= new Map(
    Object.values(abis as unknown as Record<string, InterfaceAbi>).flatMap((abi) => {
      const errors: [string, string][] = []
      new Interface(abi).forEachError((error) => errors.push([error.selector, error.name]))
      return errors
    }),
  )
  return known
}

let known: ReadonlyMap<string, string> | undefined

/**
 * The code of a contract's custom error, from its name, its 4-byte selector (as `Skipped` events carry it) or a
 * revert's whole data. CONTRACT_REVERTED for anything that is none of ours.
 */
export function contractErrorCode(selectorOrName: string | null | undefined): ErrorCode {
  const text = selectorOrName ?? ''
  const name = text.startsWith('0x') ? contractErrors().get(text.slice(0, 10).toLowerCase()) : text
  const code = upperSnake(name ?? '')
  return isErrorCode(code) ? code : 'CONTRACT_REVERTED'
}
