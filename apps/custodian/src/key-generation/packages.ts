// What members say to each other while they make a key, and the signatures that bind it to one session.
import {
  type Address,
  bytesToHex,
  canonicalJson,
  type Deployment,
  GranaryError,
  type Hex,
} from '@granary/protocol'
import { getBytes, keccak256, verifyMessage, type Wallet } from 'ethers'
import type { ProposedEpoch } from '../committee/committee.js'

const VERSION = 'granary/key-generation/v1'

/** Digest of a value's canonical JSON. */
export function digestOf(value: unknown): Hex {
  return keccak256(bytesToHex(canonicalJson(value))) as Hex
}

/** What every package is bound to: one committee contract on one chain, one epoch. */
export interface Scope {
  version: typeof VERSION
  chainId: number
  committee: Address
  epoch: number
}

export function scopeOf(deployment: Deployment, epoch: number): Scope {
  return { version: VERSION, chainId: deployment.chainId, committee: deployment.custodianCommittee, epoch }
}

/**
 * The session: threshold, members as the chain lists them, and a fresh nonce of each. A member that starts again
 * brings another nonce, and so another session.
 */
export function sessionOf(scope: Scope, epoch: ProposedEpoch, nonces: readonly Hex[]): Hex {
  const { threshold, members } = epoch
  return digestOf({ ...scope, threshold, members, nonces })
}

/** What a member signs: `kind` and `body` in a session (null for the nonce, which comes before there is one). */
export interface Statement {
  kind: 'hello' | 'round-1' | 'round-2'
  from: number
  session: Hex | null
  body: unknown
}

export async function signStatement(wallet: Wallet, scope: Scope, statement: Statement): Promise<Hex> {
  return (await wallet.signMessage(getBytes(digestOf({ ...scope, ...statement })))) as Hex
}

/** @throws GranaryError KEY_GENERATION_SIGNATURE_INVALID */
export function checkStatement(account: Address, scope: Scope, statement: Statement, signature: Hex): void {
  let signer: string | undefined
  try {
    signer = verifyMessage(getBytes(digestOf({ ...scope, ...statement })), signature)
  } catch {
    signer = undefined
  }
  if (signer !== account)
    throw new GranaryError('KEY_GENERATION_SIGNATURE_INVALID', { member: statement.from })
}
