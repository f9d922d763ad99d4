// How a contract account is asked whether it signed (ERC-1271): the call, its gas, and what counts as a yes. Whoever
// asks, API, custodian or client, asks as the contracts do.
import type { Address, Hex } from '../hex.js'
import { SIGNATURE_CHECK_GAS } from '../limits.js'

/** isValidSignature(bytes32,bytes), whose selector is also what it answers. */
const SELECTOR = '0x1626ba7e'

/** How a signature ends that says how its wallet is to be made (ERC-6492). */
const WRAPPED = '6492'.repeat(16)

/** An `eth_call`; `gas` leaves the account's code exactly what the contracts leave it. */
export interface WalletCheck {
  to: Address
  data: Hex
  gas: number
}

/** Asks `account` whether `signature`, whole bytes in hex, is its own for `digest`. */
export function walletCheck(account: Address, digest: Hex, signature: Hex): WalletCheck {
  const body = signature.slice(2)
  const words = Math.ceil(body.length / 64)
  const data = [
    SELECTOR,
    digest.slice(2),
    (64).toString(16).padStart(64, '0'),
    (body.length / 2).toString(16).padStart(64, '0'),
    body.padEnd(64 * words, '0'),
  ].join('') as Hex
  return { to: account, data, gas: callGas(data) }
}

/** Whether what the call returned is a yes: the selector in the first word, whatever comes after it. */
export function walletAccepts(returned: string): boolean {
  return returned.toLowerCase().startsWith(SELECTOR.padEnd(66, '0'))
}

/** Whether a signature is wrapped as ERC-6492 says. The contracts take none: they ask wallets that are there. */
export function isWrappedSignature(signature: string): boolean {
  return signature.length >= 66 && signature.toLowerCase().endsWith(WRAPPED)
}

const FAILED =
  /revert|out of gas|OutOfGas|EVM error|VM execution error|gas required exceeds|invalid (opcode|jump)|stack (under|over)flow/i

/**
 * Whether a node's error says that the called code failed, which is a wallet's no; everything else is a failure of the
 * node. Nodes tell it by code 3, by the revert's data, or in words.
 */
export function isRevert(error: { code?: unknown; message?: unknown; data?: unknown }): boolean {
  return error.code === 3 || typeof error.data === 'string' || FAILED.test(String(error.message))
}

/** The same of what ethers throws for a call or an estimate: it calls every error of the node a CALL_EXCEPTION. */
export function isFailedCall(error: unknown): boolean {
  const { code, info } = error as { code?: unknown; info?: { error?: object } }
  return code === 'CALL_EXCEPTION' && (!info?.error || isRevert(info.error))
}

/** What a call needs so that the account's code has the limit for itself: a call's own cost comes on top (EIP-7623). */
function callGas(data: string): number {
  const zeros = (data.slice(2).match(/../g) ?? []).filter((byte) => byte === '00').length
  const others = (data.length - 2) / 2 - zeros
  const tokens = zeros + 4 * others
  return 21_000 + Math.max(4 * tokens + SIGNATURE_CHECK_GAS, 10 * tokens)
}
