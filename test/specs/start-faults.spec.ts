import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { freePort } from '../support/custody.js'
import { startReplica } from '../support/replica.js'
import { sharedWorld } from '../support/world.js'

// What an operator reads when a program does not start: every fault of the configuration at once, and of what is wrong
// around it the variable to look at, in words; no stack, no secret, exit code 1.

const world = sharedWorld()
const folder = mkdtempSync(join(tmpdir(), 'granary-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the API says when it ends instead of starting. */
async function refusal(env: Record<string, string>): Promise<string> {
  const outcome = await startReplica(world, env).then(
    async (replica) => {
      await replica.stop('SIGKILL')
      return 'it started'
    },
    (error: Error) => error.message,
  )
  expect(outcome).toMatch(/^exit code 1\n/)
  expect(outcome).not.toMatch(/^ +at /m)
  return outcome
}

/** What a custodian says, and its exit code. */
function custodian(env: Record<string, string>): Promise<{ code: unknown; said: string }> {
  const program = new URL('../../apps/custodian/dist/main.js', import.meta.url).pathname
  return new Promise((resolve) =>
    execFile(process.execPath, [program], { env: { PATH: process.env.PATH, ...env } }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, said: `${out}${err}` }),
    ),
  )
}

describe('the API', () => {
  it('names a port that is taken, and an address that is no address of this machine', async () => {
    expect(await refusal({ PORT: new URL(world.api).port })).toContain('PORT: another program listens there')
    expect(await refusal({ HOST: '192.0.2.1' })).toContain('HOST: this machine has no such address')
  })

  it('names a database that is away, and never its password', async () => {
    const url = `postgresql://granary:hush-hush@127.0.0.1:${await freePort()}/granary`
    const said = await refusal({ DATABASE_URL: url })
    expect(said).toContain('DATABASE_UNAVAILABLE: the database of DATABASE_URL does not let us in')
    expect(said).not.toContain('hush-hush')
  })

  it('names a folder of blocks that can be none', async () => {
    // Node's own mkdir never comes back from the second.
    for (const BLOCKSTORE_DIR of [join(world.facts.deployment, 'blocks'), '/proc/granary/blocks']) {
      const said = await refusal({ BLOCKSTORE: 'embedded', BLOCKSTORE_DIR })
      expect(said).toContain('STORAGE_UNAVAILABLE: the folder of BLOCKSTORE_DIR')
    }
  })

  it('names all wrong settings together', async () => {
    const wrong = { PORT: 'many', RPC_URL: 'chain', BLOCKSTORE: 'shelf', DEPLOYMENT: join(folder, 'none') }
    const said = await refusal({ ...wrong, RELAYER_PRIVATE_KEY: '0x17' })
    for (const name of [...Object.keys(wrong), 'RELAYER_PRIVATE_KEY']) expect(said).toContain(`${name}: `)
  })
})

describe('a custodian', () => {
  it('names all wrong settings together, what they ask of each other and the file that is none', async () => {
    const { code, said } = await custodian({
      NODE_ENV: 'production',
      GRANARY_CUSTODIAN_DIR: join(folder, 'custodian'),
      RPC_URLS: 'http://127.0.0.1:1,http://127.0.0.1:2',
      GATEWAYS: 'nowhere',
      DEPLOYMENT: join(folder, 'none'),
      SECRETS_WORK_FACTOR: '17',
    })
    expect(code).toBe(1)
    for (const name of ['RPC_QUORUM', 'GATEWAYS.0', 'DEPLOYMENT', 'SECRETS_WORK_FACTOR'])
      expect(said).toContain(`  ${name}: `)
    for (const name of ['CONFIRMATIONS', 'ENDPOINT', 'PORT'])
      expect(said).toContain(`  ${name}: must be given in production`)
  })

  it('names what is wrong with its folder and its port in words, without a stack', async () => {
    const dir = join(folder, 'damaged')
    mkdirSync(dir)
    writeFileSync(join(dir, 'secrets.json'), '{}')
    const settings = {
      RPC_URLS: world.facts.rpcUrl,
      GATEWAYS: world.api,
      DEPLOYMENT: world.facts.deployment,
      SECRETS_WORK_FACTOR: '10',
    }
    const damaged = await custodian({ ...settings, GRANARY_CUSTODIAN_DIR: dir })
    expect(damaged).toEqual({
      code: 1,
      said: expect.stringMatching(/^CONFIG_INVALID: secrets\.json is damaged/m),
    })
    const none = await custodian({ ...settings, GRANARY_CUSTODIAN_DIR: join(dir, 'secrets.json', 'below') })
    expect(none).toEqual({ code: 1, said: expect.stringContaining('  GRANARY_CUSTODIAN_DIR: ENOTDIR') })
    const taken = await custodian({
      ...settings,
      GRANARY_CUSTODIAN_DIR: join(folder, 'second'),
      PORT: new URL(world.api).port,
    })
    expect(taken).toEqual({ code: 1, said: expect.stringContaining('PORT: another program listens there') })
    const nowhere = await custodian({ ...settings, GRANARY_CUSTODIAN_DIR: '/proc/granary' })
    expect(nowhere).toEqual({ code: 1, said: expect.stringContaining('  GRANARY_CUSTODIAN_DIR: ENOENT') })
    for (const { said } of [damaged, none, nowhere, taken]) expect(said).not.toMatch(/^ +at /m)
  })
})
