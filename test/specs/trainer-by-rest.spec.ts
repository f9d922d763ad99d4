import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { bech32 } from '@scure/base'
import {
  Contract,
  hexlify,
  JsonRpcProvider,
  parseEther,
  randomBytes,
  Signature,
  sha256,
  toUtf8Bytes,
  Wallet,
} from 'ethers'
import { contributeBytes, newContributor } from '../support/actors.js'
import { sharedWorld, waitFor } from '../support/world.js'

// A trainer who has ethers, fetch and the API's own description, and nothing of ours but `granary fetch` at the end.
// Alice, who contributes, uses the SDK.

const ROOT = join(import.meta.dirname, '../..')
const GRANARY = join(ROOT, 'apps/cli/bin/granary.js')
const TEXT = 'day,steps\n1,8000\n'

const world = sharedWorld()
const folder = mkdtempSync(join(tmpdir(), 'granary-rest-'))
const identityFile = join(folder, 'trainer.age')
let pool: number
let recipient: string

// biome-ignore lint/suspicious/noExplicitAny: what the document says is the type
type Json = any
let docs: Json

/** Calls the route of that summary; parameters go into its path, the rest into its query. */
async function call(summary: string, { token, body, ...values }: Record<string, Json> = {}): Promise<Json> {
  for (const [template, operations] of Object.entries<Json>(docs.paths)) {
    for (const [method, operation] of Object.entries<Json>(operations)) {
      if (operation.summary !== summary) continue
      const named = (place: string) =>
        (operation.parameters ?? []).filter((one: Json) => one.in === place && one.name in values)
      const path = named('path').reduce(
        (text: string, { name }: Json) => text.replace(`{${name}}`, values[name]),
        template,
      )
      const query = new URLSearchParams(named('query').map(({ name }: Json) => [name, String(values[name])]))
      const [type] = Object.keys(operation.requestBody?.content ?? {})
      const answer = await fetch(`${world.api}${path}?${query}`, {
        method: method.toUpperCase(),
        headers: {
          ...(type ? { 'content-type': type } : {}),
          ...(operation.security ? { authorization: `Bearer ${token}` } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      const result = await answer.json()
      if (!answer.ok) throw Object.assign(new Error(`${summary}: ${result.code}`), result)
      expect(Object.keys(operation.responses)).toContain(String(answer.status))
      return result
    }
  }
  throw new Error(`the description has no route "${summary}"`)
}

async function signIn(wallet: Wallet): Promise<string> {
  const { message } = await call('Begin to sign in', { body: { address: wallet.address } })
  const signature = await wallet.signMessage(message)
  return (await call('Sign in with the signed text', { body: { message, signature } })).token
}

function sign(wallet: Wallet, name: string, message: object): Promise<string> {
  const { domain, types } = docs['x-granary'].messages[name]
  return wallet.signTypedData(domain, types, message as Record<string, unknown>)
}

/** Waits for a relayed message's fate. */
const confirmed = (relay: string) =>
  waitFor(`relay ${relay}`, async () => {
    const { status, code } = await call('The fate of a relayed message', { id: relay })
    if (status === 'refused') throw new Error(code)
    return status === 'confirmed'
  })

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

/** Applies, and is approved by the council. */
async function becomeTrainer(): Promise<{ wallet: Wallet; token: string }> {
  const wallet = new Wallet(Wallet.createRandom().privateKey)
  const token = await signIn(wallet)
  // RFC 8785: keys sorted, no spaces.
  const profile = { description: 'By REST alone.', name: 'Trent', version: 'granary/profile/v1' }
  const application = {
    trainer: wallet.address,
    profile: sha256(toUtf8Bytes(JSON.stringify(profile))),
    deadline: String(inSeconds(600)),
  }
  const signature = await sign(wallet, 'TrainerApplication', application)
  const { relay } = await call('Apply as a trainer', { token, body: { application, signature, profile } })
  await confirmed(relay)
  await world.mint(wallet.address, parseEther('10'))
  await world.council.client.council.approve(wallet.address as Address)
  await waitFor('the approval', async () => {
    return (await call('One trainer’s standing', { address: wallet.address })).status === 'approved'
  })
  return { wallet, token }
}

function granary(args: string[], privateKey = ''): Json {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    GRANARY_API: world.api,
    GRANARY_HOME: join(folder, 'home'),
    GRANARY_PRIVATE_KEY: privateKey,
  }
  const { stdout, status } = spawnSync(process.execPath, [GRANARY, ...args, '--json'], {
    env,
    encoding: 'utf8',
  })
  expect({ args, status, stdout: status === 0 ? '' : stdout }).toEqual({ args, status: 0, stdout: '' })
  return JSON.parse(stdout)
}

/** What the files of a folder say. */
const opened = (out: string) =>
  readdirSync(out, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(out, name), 'utf8'))

beforeAll(async () => {
  docs = await (await fetch(`${world.api}/docs-json`)).json()
  pool = await world.createPool()
  const alice = await newContributor(world)
  const terms = { pool, purposes: ['fine-tuning'], expires: null, name: 'steps.csv' }
  await contributeBytes(alice, Buffer.from(TEXT), terms)
  recipient = granary(['keygen', '--out', identityFile]).recipient
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a trainer with fetch and ethers', () => {
  it('signs in, applies, browses, requests, pays, and fetches', async () => {
    const { wallet, token } = await becomeTrainer()
    const { items } = await call('The catalogue, newest first unless said otherwise', {
      pool,
      purposes: 'fine-tuning',
    })
    expect(items).toMatchObject([{ metadata: { title: 'steps.csv' }, status: 'active' }])

    const wish = { pool, purposes: ['fine-tuning'] }
    const proposal = await call('Propose the datasets of a request', { token, body: wish })
    expect(proposal).toMatchObject({ count: 1, document: { datasets: [items[0].id] } })
    const request = {
      trainer: wallet.address,
      pool,
      purposes: 1 << docs['x-granary'].purposes.find(({ name }: Json) => name === 'fine-tuning').bit,
      manifestRoot: proposal.root,
      manifestDocument: proposal.digest,
      count: proposal.count,
      recipient: hexlify(bech32.decodeToBytes(recipient).bytes),
      maxTotalPrice: proposal.total,
      expires: inSeconds(3600),
      salt: hexlify(randomBytes(32)),
      deadline: String(inSeconds(600)),
    }
    const body = {
      request,
      signature: await sign(wallet, 'AccessRequest', request),
      permit: await permit(wallet, proposal.total),
    }
    const { id, relay } = await call('Request access and pay into escrow', { token, body })
    await confirmed(relay)
    await waitFor('the request', async () => (await call('One access request', { id })).status === 'open')

    const out = join(folder, 'by-hand')
    granary(['fetch', id, '--out', out, '--identity', identityFile], wallet.privateKey)
    expect(opened(out)).toEqual([TEXT])
  })

  it('is refused with a code that the description lists', async () => {
    const token = await signIn(new Wallet(Wallet.createRandom().privateKey))
    const body = { pool, purposes: ['fine-tuning'] }
    const refused = call('Propose the datasets of a request', { token, body })
    await expect(refused).rejects.toMatchObject({ code: 'TRAINER_NOT_APPROVED', status: 403 })
    const { responses } = docs.paths['/v1/access-requests/manifests'].post
    const { examples } = responses['403'].content['application/problem+json']
    expect(examples).toHaveProperty('TRAINER_NOT_APPROVED')
  })
})

/** An ERC-2612 permit for the escrow, as the description says. */
async function permit(wallet: Wallet, value: string) {
  const { domain, types, spender } = docs['x-granary'].permit
  const { rpcUrl } = await call('Chain, contracts, committee and gateways, for display')
  const provider = new JsonRpcProvider(rpcUrl)
  const abi = ['function name() view returns (string)', 'function nonces(address) view returns (uint256)']
  const token = new Contract(domain.verifyingContract, abi, provider)
  const [name, nonce] = [await token.getFunction('name')(), await token.getFunction('nonces')(wallet.address)]
  provider.destroy()
  const deadline = inSeconds(600)
  const message = { owner: wallet.address, spender, value, nonce, deadline }
  const { v, r, s } = Signature.from(await wallet.signTypedData({ ...domain, name }, types, message))
  return { value, deadline: String(deadline), v, r, s }
}

describe('the curl lines of the README', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const [, block] = /## A trainer without our libraries[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)!
  const lines = block!.trim().split('\n')

  it('are five, and end with granary fetch', () => {
    expect(block!.match(/curl -s/g)).toHaveLength(5)
    expect(lines.at(-1)).toContain('granary fetch')
  })

  it('do what they say', async () => {
    const { wallet } = await becomeTrainer()
    symlinkSync(join(ROOT, 'examples'), join(folder, 'examples'))
    const filled = lines.map((line) =>
      line
        .replace('http://localhost:4280', world.api)
        .replace('GRANARY_PRIVATE_KEY=0x…', `GRANARY_PRIVATE_KEY=${wallet.privateKey}`)
        .replace('"0x…"', `"${wallet.address}"`)
        .replace('age1…', recipient)
        .replace('pool=1', `pool=${pool}`)
        .replace('"pool": 1', `"pool": ${pool}`)
        .replace('npx granary', `"${process.execPath}" "${GRANARY}"`),
    )
    const run = (script: string[]) => {
      const env = { ...process.env, NODE_OPTIONS: '', GRANARY_HOME: join(folder, 'home') }
      const done = spawnSync('bash', ['-euo', 'pipefail', '-c', script.join('\n')], {
        cwd: folder,
        env,
        encoding: 'utf8',
      })
      expect({ status: done.status, stderr: done.status === 0 ? '' : done.stderr }).toEqual({
        status: 0,
        stderr: '',
      })
      return done.stdout
    }
    const said = run(filled.slice(0, -1))
    const { id, relay } = JSON.parse(said.slice(said.lastIndexOf('{"')))
    expect(said).toContain('steps.csv')
    await confirmed(relay)
    await waitFor('the request', async () => (await call('One access request', { id })).status === 'open')
    run([filled[0]!, filled.at(-1)!.replace('0x…', id)])
    expect(opened(join(folder, 'opened'))).toEqual([TEXT])
  })
})
