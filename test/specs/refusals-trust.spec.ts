import {
  type DatasetResource,
  datasetsRoot,
  type Hex,
  type MessageOf,
  messageToJson,
  type NetworkResource,
  signMessage,
} from '@granary/protocol'
import { createClient, memorySpool } from '@granary/sdk'
import { openMessage, recipientToBytes } from '@granary/sealing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { hexlify } from 'ethers'
import { type Actor, contributeBytes, newContributor, newStranger, newTrainer } from '../support/actors.js'
import { type LyingApi, startLyingApi } from '../support/lying-api.js'
import { askCustodian, inSeconds, ledgers, openRaw, receiptsOf, signedOrder } from '../support/releases.js'
import { call, refusal, signIn } from '../support/rest.js'
import { sharedWorld } from '../support/world.js'
import sealing from '../vectors/sealing.json' with { type: 'json' }

// Where trust ends: what somebody could try who is let in, or whom others rely on. Each is refused with its own code and
// without a trace. What other specs show is not repeated here:
//
// - a stanza copied from another person's file into one's own: custodian.refusals.spec.ts "with Alice's R in a stanza of
//   Mallory's"; api-datasets.spec.ts "refuses Alice's file as Mallory's"
// - the header of the same owner's other file under a grant: an order has no header, only the content, which must be the
//   dataset's: refusals-orders.spec.ts "that shows other content than the dataset"; custodian.refusals.spec.ts "that no
//   gateway has, or of which it has other bytes"
// - somebody else's CID under one's own name, on chain past the API, and opened: custodian.refusals.spec.ts "of Alice's
//   file, registered by Mallory as her own"; at the API: refusals-files.spec.ts "with a stanza made for another owner"
// - an older consent relayed after a newer one: api-datasets.spec.ts "refuses on chain what is older than the last change"
// - a contribution called back before it was relayed: api-datasets.spec.ts "calls back a contribution that nobody relayed
//   yet"; DatasetRegistry.contribute.t.sol "skips what was withdrawn before"
// - another recipient in an access request, on chain: AccessRequests.open.t.sol "refuses another recipient than the one
//   signed"; an owner's release by somebody else: custodian.spec.ts "and for nobody else"
// - a receipt of a non-member, of another member or of another epoch: liars.spec.ts "no honest share leaves for less"
// - an upload id of somebody else: api-uploads.spec.ts "is as unknown as none to anybody but its owner"
// - a session token of somebody else, for what the session's own account must have signed: api-datasets.spec.ts "refuses
//   who is not signed in, or signed in as somebody else"
// - identity points and non-canonical scalars: libs/sealing committee/refusals.test.ts (every field of stanza, share and
//   sharing); custodian key-generation/session.test.ts (commitments and proofs); liars.spec.ts (shares as answered)

const LOW_ORDER = [
  `0x${'00'.repeat(32)}`,
  `0x01${'00'.repeat(31)}`,
  '0xe0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  `0xed${'ff'.repeat(30)}ff`,
] as Hex[]

const world = sharedWorld()
let pool: number
let alice: Actor
let mallory: Actor
let trent: Actor
let dataset: DatasetResource

beforeAll(async () => {
  pool = await world.createPool()
  ;[alice, mallory, trent] = [await newContributor(world), await newStranger(world), await newTrainer(world)]
  const terms = { pool, purposes: ['evaluation'], expires: null }
  const { id } = await contributeBytes(alice, new TextEncoder().encode('of Alice'), terms)
  dataset = await alice.client.datasets.get(id)
})

const bytes32 = (recipient: string) => hexlify(recipientToBytes(recipient)) as Hex

describe('a recipient', () => {
  const release = async (signed: Hex, shown: Hex = signed) => {
    const message: MessageOf<'OwnerRelease'> = {
      owner: alice.address,
      datasets: datasetsRoot([dataset.id as Hex]),
      recipient: signed,
      deadline: BigInt(inSeconds(600)),
    }
    return {
      release: messageToJson('OwnerRelease', { ...message, recipient: shown }),
      signature: await signMessage(alice.wallet, 'OwnerRelease', message, world.deployment),
      datasets: [{ dataset: dataset.id, content: dataset.content }],
    }
  }
  const allSay = async (path: string, body: unknown, code: string) => {
    const before = await ledgers(world)
    for (const member of [1, 2, 3])
      expect((await askCustodian(world, member, path, body)).body).toMatchObject({ code })
    expect(await ledgers(world)).toEqual(before)
  }

  it("put into an owner's release after it was signed", async () => {
    const body = await release(bytes32(alice.recipient), bytes32(mallory.recipient))
    await allSay('/v1/owner-releases', body, 'SIGNATURE_INVALID')
  })

  it('put into an access request after it was signed, or of low order in a signed one', async () => {
    const proposal = { pool, purposes: ['evaluation'], datasets: [dataset.id as Hex] }
    const { digest, root, count } = await trent.client.requests.propose(proposal)
    const message: MessageOf<'AccessRequest'> = {
      trainer: trent.address,
      pool,
      purposes: 4,
      manifestRoot: root as Hex,
      manifestDocument: digest as Hex,
      count,
      recipient: bytes32(trent.recipient),
      maxTotalPrice: 10n ** 20n,
      expires: inSeconds(3600),
      salt: `0x${'05'.repeat(32)}`,
      deadline: BigInt(inSeconds(600)),
    }
    const token = await signIn(world, trent.wallet)
    const ask = async (recipient: Hex, signed = recipient) => {
      const request = messageToJson('AccessRequest', { ...message, recipient })
      const signing = { ...message, recipient: signed }
      const signature = await signMessage(trent.wallet, 'AccessRequest', signing, world.deployment)
      return call(world, 'POST', '/v1/access-requests', { token, body: { request, signature, permit: null } })
    }
    expect(refusal(await ask(bytes32(mallory.recipient), message.recipient))).toMatch(/ SIGNATURE_INVALID$/)
    for (const weak of LOW_ORDER) expect(refusal(await ask(weak))).toMatch(/ RECIPIENT_LOW_ORDER$/)
  })

  it('named beside an order is not looked at: shares go to the one on chain', async () => {
    const ids = [dataset.id as Hex]
    const request = await openRaw(world, trent, { pool, purposes: ['evaluation'], datasets: ids })
    const order = await signedOrder(world, trent, { request, datasets: [dataset], manifest: ids })
    const receipts = await receiptsOf(world, [1, 2], order)
    const recipient = mallory.recipient
    const body = { order: { ...order, recipient }, receipts, recipient }
    const { body: said } = await askCustodian(world, 1, '/v1/shares', body)
    const answer = Buffer.from(said.answer, 'base64')
    await expect(openMessage(answer, mallory.identity)).rejects.toMatchObject({ code: 'OPEN_FAILED' })
    expect(await openMessage(answer, trent.identity)).toBeInstanceOf(Uint8Array)
  })

  it('of low order, which anybody could open', async () => {
    for (const weak of LOW_ORDER)
      await allSay('/v1/owner-releases', await release(weak), 'RECIPIENT_LOW_ORDER')
  })
})

describe('a client that has the deployment and a chain of its own, at an API that lies', () => {
  let api: LyingApi
  beforeAll(async () => {
    api = await startLyingApi(world.api)
  })
  afterAll(() => api?.end())

  /** Contributes by way of the API; tells with which code it ended and whether anything of the file was touched. */
  async function attempt(lie: (truth: NetworkResource) => unknown): Promise<string> {
    api.tell(lie)
    api.asked.length = 0
    const { deployment, rpc } = world
    const client = createClient({ api: api.url, rpc, deployment, signer: alice.wallet })
    let touched = false
    const touch = <T>(value: T): T => {
      touched = true
      return value
    }
    const spool = memorySpool()
    const ended = await client
      .contribute({
        pool,
        purposes: ['evaluation'],
        expires: null,
        source: { name: 'x', type: '', size: 1, stream: () => touch(new Blob(['x']).stream()) },
        identity: { recipient: alice.recipient },
        spool: { ...spool, writable: async () => touch(await spool.writable()) },
      })
      .then(
        () => 'it was contributed',
        (error: { code?: string }) => error.code ?? String(error),
      )
    expect([ended, touched]).toEqual([ended, false])
    expect(api.asked.filter((line) => !line.startsWith('GET '))).toEqual([])
    return ended
  }
  const withCommittee = (change: (committee: NonNullable<NetworkResource['committee']>) => object) =>
    attempt((truth) => ({
      ...truth,
      committee: { ...truth.committee!, ...change(truth.committee!) },
    }))
  /** The committee with another point in the place of its key, or of its first member's. */
  const withKey = (groupKey: string) => withCommittee(() => ({ groupKey }))
  const withShare = (verifyingShare: string) =>
    withCommittee(({ members }) => ({
      members: members.map((member, place) => (place === 0 ? { ...member, verifyingShare } : member)),
    }))

  it('stops before it seals when any address or the chain is another', async () => {
    const names = [
      'token',
      'datasetRegistry',
      'trainerRegistry',
      'custodianCommittee',
      'accessRequests',
      'rewardPool',
    ] as const
    for (const name of names) {
      const code = await attempt((truth) => ({
        ...truth,
        deployment: { ...truth.deployment, [name]: mallory.address },
      }))
      expect([name, code]).toEqual([name, 'NETWORK_MISMATCH'])
    }
    expect(await attempt((truth) => ({ ...truth, chainId: 1 }))).toBe('NETWORK_MISMATCH')
  })

  it('stops before it seals when the committee is another one, or none', async () => {
    const other = sealing.cases.find(({ threshold, shares }) => threshold === 2 && shares.length === 3)!
    expect(
      await withCommittee(({ members }) => ({
        groupKey: `0x${other.groupKey}`,
        members: members.map((member, place) => ({
          ...member,
          verifyingShare: `0x${other.shares[place]!.verifyingShare}`,
        })),
      })),
    ).toBe('COMMITTEE_MISMATCH')
    expect(await withCommittee(({ epoch }) => ({ epoch: epoch + 1 }))).toBe('COMMITTEE_MISMATCH')
    expect(await withKey(`0x${other.groupKey}`)).toBe('SHARING_INVALID')
    expect(await withShare(`0x${other.shares[0]!.verifyingShare}`)).toBe('SHARING_INVALID')
    expect(await attempt((truth) => ({ ...truth, committee: null }))).toBe('COMMITTEE_MISSING')
  })

  it('stops before it seals at identity points and encodings that are not canonical', async () => {
    for (const [name, point] of Object.entries(sealing.refused.points)) {
      expect([name, await withKey(`0x${point}`)]).toEqual([name, 'SHARING_INVALID'])
      expect([name, await withShare(`0x${point}`)]).toEqual([name, 'SHARING_INVALID'])
    }
  })
})
