import { type Address, DEFAULT_PASSKEY_BACKUPS, MAX_PASSKEY_SEALED } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, contributeBytes, newContributor } from '../support/actors.js'
import { longestPasskeyFile, passkeyFile } from '../support/passkey.js'
import { call, signIn } from '../support/rest.js'
import { sharedWorld, type World } from '../support/world.js'

// Copies of recovery keys under passkeys: what the API takes, how much of it, and whom it shows it to. Who may ask at all
// is in the table of authorisation.spec.ts; that a passkey opens them is in web.passkey.spec.ts.

const PATH = '/v1/passkey-backups'

let world: World
let alice: Actor
let anna: Actor
let tokens: { alice: string; anna: string }

beforeAll(async () => {
  world = sharedWorld()
  const pool = await world.createPool()
  alice = await newContributor(world)
  anna = await newContributor(world, 'Anna')
  for (const one of [alice, anna])
    await contributeBytes(one, Buffer.from(`of ${one.address}`), {
      pool,
      purposes: ['evaluation'],
      expires: null,
    })
  tokens = { alice: await signIn(world, alice.wallet), anna: await signIn(world, anna.wallet) }
})
afterAll(() => world?.close())

const keep = (file: unknown, token = tokens.alice) => call(world, 'POST', PATH, { token, body: file })
const kept = async (token = tokens.alice) => (await call(world, 'GET', PATH, { token })).body.items
const removeAll = async () => {
  for (const { id } of await kept()) await call(world, 'DELETE', `${PATH}/${id}`, { token: tokens.alice })
}

describe('what is refused', () => {
  const file = passkeyFile('0x70997970C51812dc3A010C7d01b50e0d17dc79C8' as Address)

  it.each([
    ['another version', { version: 'granary/passkey/v2' }],
    ['what is no age file', { sealed: 'my recovery key' }],
    ['an age file that something follows', { sealed: `${file.sealed}more` }],
    ['an age file with other letters', { sealed: file.sealed.replace('AAAA', 'AA-A') }],
    ['a passkey in small letters', { credential: file.credential.toLowerCase() }],
    ['an identity in the place of a passkey', { credential: 'AGE-SECRET-KEY-1QQPZRY9' }],
    ['a member that it does not know', { name: 'my phone' }],
  ])('%s', async (_, change) => {
    const { status, body } = await keep({ ...passkeyFile(alice.address), ...change })
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED'])
    expect(await kept()).toEqual([])
  })

  it('more letters than are taken; as many as that are', async () => {
    const longest = longestPasskeyFile(alice.address)
    expect(longest.sealed).toHaveLength(MAX_PASSKEY_SEALED)
    const longer = { ...longest, sealed: longest.sealed.replace('\nA\n', '\nAA\n') }
    expect(longer.sealed).toHaveLength(MAX_PASSKEY_SEALED + 1)
    expect((await keep(longer)).body.code).toBe('VALIDATION_FAILED')
    expect((await keep(longest)).status).toBe(201)
    expect((await kept())[0].file).toEqual(longest)
    await removeAll()
  })

  it('one too many, also when they come at once; a newer one of a passkey that is there is taken', async () => {
    const files = Array.from({ length: 2 * DEFAULT_PASSKEY_BACKUPS }, (_, i) =>
      passkeyFile(alice.address, { name: `QPZRY${'023456789ACD'[i]}` }),
    )
    const answers = await Promise.all(files.map((file) => keep(file)))
    const taken = answers.filter(({ status }) => status === 201)
    expect(taken.length).toBeLessThanOrEqual(DEFAULT_PASSKEY_BACKUPS)
    for (const file of files) await keep(file)
    const all = await kept()
    expect(all).toHaveLength(DEFAULT_PASSKEY_BACKUPS)
    const fresh = await keep(passkeyFile(alice.address, { name: 'L' }))
    expect([fresh.status, fresh.body.code]).toEqual([409, 'PASSKEY_BACKUPS_TOO_MANY'])
    const newer = { ...all[1].file, sealed: passkeyFile(alice.address, { length: 700 }).sealed }
    expect((await keep(newer)).body).toMatchObject({ id: all[1].id, file: newer })
    expect(await kept()).toHaveLength(DEFAULT_PASSKEY_BACKUPS)
    await removeAll()
  })

  it('somebody else’s: neither shown nor deleted, and as unknown as none', async () => {
    const { body } = await keep(passkeyFile(alice.address))
    expect(await kept(tokens.anna)).toEqual([])
    const attempt = await call(world, 'DELETE', `${PATH}/${body.id}`, { token: tokens.anna })
    expect([attempt.status, attempt.body.code]).toEqual([404, 'PASSKEY_BACKUP_UNKNOWN'])
    // The same passkey under another account is another copy, and takes nobody's place.
    expect((await keep(passkeyFile(anna.address), tokens.anna)).status).toBe(201)
    expect(await kept()).toHaveLength(1)
    await removeAll()
  })
})

describe('through the SDK', () => {
  it('a copy is kept, found again and deleted', async () => {
    const { passkeyBackups } = alice.client
    const file = passkeyFile(alice.address)
    const copy = await passkeyBackups.keep(file)
    expect(copy).toMatchObject({ file })
    expect(await passkeyBackups.list()).toEqual([copy])
    await passkeyBackups.remove(copy.id)
    expect(await passkeyBackups.list()).toEqual([])
    await expect(passkeyBackups.remove(copy.id)).rejects.toMatchObject({ code: 'PASSKEY_BACKUP_UNKNOWN' })
  })
})
