import { randomBytes } from 'node:crypto'
import { fileKeyFromIdentity } from '@granary/sealing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { bech32 } from '@scure/base'
import { type Actor, contributeBytes, memorySink, newContributor, newTrainer } from '../support/actors.js'
import { beginUpload, sealText, sendBytes, signIn } from '../support/rest.js'
import { filesBelow, findSecrets, type Haystack, type Secret, tablesOf } from '../support/search.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// After a whole run the operator and the custodians hold nothing that opens a file: every file of the network's folder
// and every table is searched, with the logs at their most talkative.

const MIB = 1024 * 1024
const PURPOSES = ['fine-tuning', 'commercial'] as const

let world: OwnWorld
let alice: Actor
let trent: Actor
const secrets: Secret[] = []
let places: Haystack[]

/** A plaintext that repeats one line of high entropy over several chunks and blocks. */
function plaintext(owner: string, size: number): Buffer {
  const line = randomBytes(30).toString('base64url')
  secrets.push({ name: `the plaintext of ${owner}`, bytes: Buffer.from(line) })
  return Buffer.from(`${line}\n`.repeat(Math.ceil(size / (line.length + 1))))
}

const identityBytes = (identity: string) => bech32.decodeToBytes(identity).bytes

function keepSecretsOf({ name, wallet, identity }: Actor): void {
  secrets.push(
    { name: `the wallet key of ${name}`, bytes: Buffer.from(wallet.privateKey.slice(2), 'hex') },
    { name: `the identity of ${name}`, bytes: identityBytes(identity) },
    { name: `the identity of ${name} as text`, bytes: Buffer.from(identity) },
    { name: `the identity of ${name} in lower case`, bytes: Buffer.from(identity.toLowerCase()) },
  )
}

/** The key of a sealed file as only its owner can know it. */
async function keepFileKey(name: string, sealed: Uint8Array, identity: string): Promise<void> {
  secrets.push({ name: `the file key of ${name}`, bytes: await fileKeyFromIdentity(sealed, [identity]) })
}

async function contentOf(id: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(`${world.api}/v1/datasets/${id}/content`)).arrayBuffer())
}

beforeAll(async () => {
  world = await startWorld({ env: { LOG_LEVEL: 'trace' } })
  const pool = await world.createPool()
  alice = await newContributor(world, 'Alice')
  const anna = await newContributor(world, 'Anna')
  trent = await newTrainer(world)
  for (const actor of [alice, anna, trent]) keepSecretsOf(actor)

  const contribute = async (owner: Actor, size: number) => {
    const terms = { pool, purposes: [...PURPOSES], expires: null }
    const { id } = await contributeBytes(owner, plaintext(owner.name, size), terms)
    await keepFileKey(owner.name, await contentOf(id), owner.identity)
    return id
  }
  const kept = [await contribute(alice, 3 * MIB), await contribute(anna, 1000)]
  const withdrawn = await contribute(anna, 70_000)
  await alice.client.datasets.updateConsent(kept[0]!, {
    purposes: [...PURPOSES, 'evaluation'],
    expires: null,
    ask: false,
  })
  await anna.client.datasets.withdraw(withdrawn)

  // An upload that stays half done.
  const token = await signIn(world, alice.wallet)
  secrets.push({ name: 'a session token', bytes: Buffer.from(token) })
  const text = plaintext('an unfinished upload', 2000).toString()
  const half = await sealText(alice, text)
  await keepFileKey('an unfinished upload', half.bytes, alice.identity)
  const { headers } = await beginUpload(world, token, half.bytes.length, half.cid)
  await sendBytes(world, token, headers.get('location')!, 0, half.bytes.subarray(0, half.bytes.length - 100))

  const { request } = await trent.client.requests.open({
    pool,
    purposes: [...PURPOSES],
    recipient: trent.recipient,
  })
  const fetched = await trent.client.fetch(request, { identity: trent.identity, sink: memorySink() })
  expect(fetched.files.map(({ dataset }) => dataset).sort()).toEqual([...kept].sort())
  await waitFor('the reward', async () => {
    await trent.client.settle()
    return BigInt((await alice.client.rewards.get(alice.address)).claimable) > 0n
  })
  await alice.client.rewards.claim(alice.address)

  places = [...filesBelow(world.facts.dataDir), ...(await tablesOf(world.facts.databaseUrl))]
}, 240_000)

afterAll(() => world?.end(), 90_000)

describe('the search', () => {
  const WRITTEN: Record<string, (secret: Buffer) => string | Buffer> = {
    'as bytes': (secret) => Buffer.concat([randomBytes(7), secret, randomBytes(7)]),
    'in hex': (secret) => `0x${secret.toString('hex')}`,
    'in upper-case hex': (secret) => secret.toString('hex').toUpperCase(),
    'as a list of numbers': (secret) => JSON.stringify(secret),
    'as an object of numbers': (secret) => JSON.stringify({ key: new Uint8Array(secret) }),
    'as a decimal number': (secret) => `key=${BigInt(`0x${secret.toString('hex')}`)}`,
  }
  it.each(Object.entries(WRITTEN))('finds a secret %s', (_, write) => {
    const secret = randomBytes(32)
    const place = { name: 'a file', bytes: Buffer.from(write(secret)) }
    expect(findSecrets([{ name: 'it', bytes: secret }], [place])).toEqual(['it in a file'])
    expect(findSecrets([{ name: 'another', bytes: randomBytes(32) }], [place])).toEqual([])
  })

  it('finds base64 wherever in a longer text the secret stands', () => {
    const secret = randomBytes(16)
    for (const before of [0, 1, 2, 3, 4]) {
      const bytes = Buffer.concat([randomBytes(before), secret, randomBytes(5)])
      for (const encoding of ['base64', 'base64url'] as const) {
        const place = { name: 'a text', bytes: Buffer.from(bytes.toString(encoding)) }
        expect(findSecrets([{ name: 'it', bytes: secret }], [place])).toEqual(['it in a text'])
      }
    }
  })

  it('looks at everything that API, database, block store and custodians keep', () => {
    const names = places.map(({ name }) => name)
    for (const start of ['ipfs/', 'custodians/1/', 'custodians/3/', 'chain/', 'database/'])
      expect(names).toContainEqual(expect.stringMatching(new RegExp(`^${start}`)))
    for (const log of ['api', 'custodian1', 'custodian2', 'custodian3', 'database', 'chain'])
      expect(names).toContain(`logs/${log}.log`)
    expect(names.filter((name) => name.startsWith('table ')).length).toBeGreaterThan(15)
    const logs = places.filter(({ name }) => name.startsWith('logs/api'))
    expect(logs.some(({ bytes }) => bytes.includes('/v1/access-requests'))).toBe(true)
  })

  it('finds what they do know: ciphertext, owners and recipients', async () => {
    const { value: dataset } = await alice.client.datasets.list({ owner: alice.address }).next()
    const sealed = await contentOf(dataset!.id)
    const known: Secret[] = [
      { name: 'ciphertext', bytes: sealed.subarray(1000, 1064) },
      { name: 'owner', bytes: Buffer.from(alice.address) },
      { name: 'recipient', bytes: bech32.decodeToBytes(trent.recipient).bytes },
    ]
    const found = findSecrets(known, places)
    expect(found).toContainEqual(expect.stringMatching(/^ciphertext in ipfs\//))
    expect(found).toContain('owner in table public."Dataset"')
    expect(found).toContain('recipient in table public."AccessRequest"')
  })
})

describe('after a whole run', () => {
  it('no plaintext, file key or private key is in a file, a log or a table', () => {
    expect(secrets.length).toBe(3 * 4 + 4 * 2 + 1)
    expect(findSecrets(secrets, places)).toEqual([])
  })
})
