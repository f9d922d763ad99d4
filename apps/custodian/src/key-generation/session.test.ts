import { type Address, bytesToHex, type Hex, hexToBytes } from '@granary/protocol'
import { checkSharing, generateIdentity, identityToRecipient } from '@granary/sealing'
import { describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import type { ProposedEpoch } from '../committee/committee.js'
import type { Secrets } from '../secrets.js'
import { type Scope, sessionOf, signStatement } from './packages.js'
import { Session } from './session.js'

const committee: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const scope: Scope = { version: 'granary/key-generation/v1', chainId: 31_337, committee, epoch: 1 }
const nonce = (byte: number): Hex => bytesToHex(new Uint8Array(32).fill(byte))

async function members(count: number): Promise<Secrets[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const wallet = new Wallet(Wallet.createRandom().privateKey)
      const identity = generateIdentity()
      return {
        wallet,
        address: wallet.address as Address,
        identity,
        recipient: await identityToRecipient(identity),
      }
    }),
  )
}

async function begin(count: number, threshold: number) {
  const secrets = await members(count)
  const listed = secrets.map(({ address, recipient }) => ({
    account: address,
    endpoint: 'http://x',
    recipient,
  }))
  const epoch: ProposedEpoch = { number: 1, threshold, members: listed }
  const session = sessionOf(
    scope,
    epoch,
    secrets.map((_, i) => nonce(i)),
  )
  const start = (place: number, id = session) =>
    Session.begin({ scope, epoch, index: place + 1, session: id, secrets: secrets[place]! })
  return { start, session, epoch, sessions: await Promise.all(secrets.map((_, place) => start(place))) }
}

/** `to` hears of `from` what `from` tells. */
const round1 = (to: Session, from: Session) => to.takeRound1(from.facts.index, from.round1)
const round2 = (to: Session, from: Session) =>
  to.takeRound2(from.facts.index, from.round2.find((part) => part.to === to.facts.index)!)

async function everyPair(sessions: Session[], tell: (to: Session, from: Session) => Promise<void>) {
  for (const to of sessions) for (const from of sessions) if (to !== from) await tell(to, from)
}

describe('a session of the key generation', () => {
  it.each([
    [3, 2],
    [5, 3],
  ])('gives %i members one key, %i of whom can use it', async (count, threshold) => {
    const { sessions } = await begin(count, threshold)
    await everyPair(sessions, round1)
    await everyPair(sessions, round2)
    const [first, ...others] = sessions.map(({ key }) => key!)
    for (const key of others) {
      expect(key.transcript).toBe(first!.transcript)
      expect(key.groupKey).toBe(first!.groupKey)
      expect(key.verifyingShares).toEqual(first!.verifyingShares)
    }
    const verifyingShares = first!.verifyingShares.map((share) => hexToBytes(share))
    checkSharing({ groupKey: hexToBytes(first!.groupKey), verifyingShares, threshold })
    expect(new Set(sessions.map(({ key }) => key!.secret)).size).toBe(count)
  })

  it('refuses packages that their member did not sign for this session', async () => {
    const { sessions, start } = await begin(3, 2)
    const [carol, cora, cid] = sessions as [Session, Session, Session]
    const code = 'KEY_GENERATION_SIGNATURE_INVALID'
    await expect(carol.takeRound1(2, cid.round1)).rejects.toMatchObject({ code })
    const elsewhere = await start(1, nonce(9))
    await expect(round1(carol, elsewhere)).rejects.toMatchObject({ code })
    const { commitment, proof } = cora.round1
    const swapped = { commitment: [...commitment].reverse(), proof, signature: cora.round1.signature }
    await expect(carol.takeRound1(2, swapped)).rejects.toMatchObject({ code })
  })

  it('refuses identity points, bytes that are no point, and scalars that are not canonical', async () => {
    const { start, sessions, session } = await begin(3, 2)
    const { facts, round1: sent } = sessions[1]!
    const says = async (change: { commitment?: Hex[]; proof?: Hex }) => {
      const { commitment, proof } = { ...sent, ...change }
      const body = { commitment, proof }
      const statement = { kind: 'round-1', from: 2, session, body } as const
      return { ...body, signature: await signStatement(facts.secrets.wallet, scope, statement) }
    }
    const [identity, rubbish]: Hex[] = [`0x${'00'.repeat(32)}`, `0x${'ff'.repeat(32)}`]
    const bad = [identity!, rubbish!]
    for (const commitment of bad.flatMap((point) => [
      [point, sent.commitment[1]!],
      [sent.commitment[0]!, point],
    ]))
      await expect(
        (await start(0)).takeRound1(2, await says({ commitment: commitment as Hex[] })),
      ).rejects.toMatchObject({ code: 'KEY_GENERATION_INVALID' })
    // The proof is judged when all are there.
    for (const proof of bad.flatMap((half) => [
      `${half}${sent.proof.slice(66)}`,
      `${sent.proof.slice(0, 66)}${half.slice(2)}`,
    ])) {
      const to = await start(0)
      await to.takeRound1(2, await says({ proof: proof as Hex }))
      await expect(round1(to, sessions[2]!)).rejects.toMatchObject({ code: 'KEY_GENERATION_INVALID' })
    }
  })

  it('refuses a part that does not fit what its member committed to', async () => {
    const { sessions, start } = await begin(3, 2)
    const [carol, , cid] = sessions as [Session, Session, Session]
    await everyPair(sessions, round1)
    const liar = await start(1)
    await round1(liar, carol)
    await round1(liar, cid)
    await round2(carol, cid)
    await expect(round2(carol, liar)).rejects.toMatchObject({ code: 'KEY_GENERATION_INVALID' })
    expect(carol.key).toBeUndefined()
  })

  it('notices a member that tells one peer two things', async () => {
    const { sessions, start } = await begin(3, 2)
    const [carol, cora] = sessions as [Session, Session]
    await round1(carol, cora)
    await round1(carol, cora)
    await expect(round1(carol, await start(1))).rejects.toMatchObject({ code: 'KEY_GENERATION_CONFLICT' })
  })

  it('leaves peers to whom a member told different things with different transcripts', async () => {
    const { sessions, start } = await begin(3, 2)
    const [carol, cora, toCarol] = sessions as [Session, Session, Session]
    const toCora = await start(2)
    await round1(carol, cora)
    await round1(cora, carol)
    await round1(carol, toCarol)
    await round1(cora, toCora)
    for (const liar of [toCarol, toCora]) {
      await round1(liar, carol)
      await round1(liar, cora)
    }
    await round2(carol, cora)
    await round2(carol, toCarol)
    await expect(round2(cora, carol).then(() => round2(cora, toCora))).resolves.toBeUndefined()
    // Each finished without a fault of its own; what they would confirm on chain differs, so no epoch activates.
    expect(carol.key!.groupKey).not.toBe(cora.key!.groupKey)
    expect(carol.key!.transcript).not.toBe(cora.key!.transcript)
  })
})
