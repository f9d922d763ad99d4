import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkResource } from '@granary/protocol'
import { createClient, type Spool } from '@granary/sdk'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import type { Browser } from 'playwright-core'
import { type Actor, contributeBytes, newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { commandLine } from '../support/command-line.js'
import { fillForm, injectWallet, openPage, signIn, spooled } from '../support/web.js'
import { sharedWorld, waitFor } from '../support/world.js'

// What a contribution would be refused for at its end is told at its beginning: nothing is sealed for a pool that is
// closed or was never there, and nothing for custodians who are not in office any more.

const world = sharedWorld()
const cli = commandLine(world)
let browser: Browser
let database: pg.Client
let alice: Actor
let open: number
let closed: number
/** The list of pools as it was while both were open. */
let before: unknown

const bytes = new TextEncoder().encode('rye')
const uploadsOf = async (owner: string) =>
  (await database.query('SELECT "id" FROM "Upload" WHERE "owner" = $1', [owner])).rowCount

beforeAll(async () => {
  browser = await launchChromium()
  database = new pg.Client(world.facts.databaseUrl)
  await database.connect()
  alice = await newContributor(world)
  open = await world.createPool()
  closed = await world.createPool()
  before = await (await fetch(`${world.api}/v1/pools?limit=200`)).json()
  await world.daoSends('datasetRegistry', 'setClosed', closed, true)
  await waitFor(
    'the pool to be closed',
    async () => (await (await fetch(`${world.api}/v1/pools/${closed}`)).json()).closed === true,
  )
})
afterAll(async () => {
  await browser?.close()
  await database?.end()
  cli.remove()
  world.close()
})

const wasSealed = async () => {
  throw new Error('something was sealed')
}
const untouched: Spool = { writable: wasSealed, source: wasSealed, remove: async () => {} }

describe('the SDK', () => {
  const source = { name: 'rye.txt', type: 'text/plain', size: 3, stream: () => new Blob([bytes]).stream() }
  const terms = { purposes: ['evaluation'] as const, expires: null, source, spool: untouched }

  it.each([
    ['a pool that was never there', () => ({ pool: 65_000 }), 'POOL_UNKNOWN'],
    ['a pool that was closed', () => ({ pool: closed }), 'POOL_IS_CLOSED'],
    [
      'an end that has passed',
      () => ({ pool: open, expires: new Date(Date.now() - 5_000) }),
      'CONSENT_EXPIRED',
    ],
    ['a pool that was never there, in any form', () => ({ pool: 70_000 }), 'VALIDATION_FAILED'],
  ])('seals nothing for %s', async (_, given, code) => {
    const { recipient, client, address } = alice
    const contributed = client.contribute({ ...terms, ...given(), identity: { recipient } })
    await expect(contributed).rejects.toMatchObject({ code })
    expect(await uploadsOf(address)).toBe(0)
  })

  it('seals to the custodians of today, though it was made before them', async () => {
    let asked = 0
    // What was true once: somebody else's key, of which each has the whole.
    const earlier = (told: NetworkResource): NetworkResource => {
      const { members, ...rest } = told.committee!
      const groupKey = members[0]!.verifyingShare
      const committee = {
        ...rest,
        groupKey,
        threshold: 1,
        members: members.map((member) => ({ ...member, verifyingShare: groupKey })),
      }
      return { ...told, committee }
    }
    const fetched: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init)
      if (new URL(String(input)).pathname !== '/v1/network' || ++asked > 1) return answer
      return Response.json(earlier((await answer.json()) as NetworkResource))
    }
    const client = createClient({ api: world.api, signer: alice.wallet, fetch: fetched })
    const made = await contributeBytes({ client, recipient: alice.recipient }, bytes, {
      pool: open,
      purposes: ['evaluation'],
      expires: null,
    })
    expect((await alice.client.datasets.get(made.id)).status).toBe('active')
    expect(asked).toBeGreaterThan(1)
  })
})

describe('granary contribute', () => {
  it.each([
    ['was never there', () => 65_000, 'POOL_UNKNOWN'],
    ['was closed', () => closed, 'POOL_IS_CLOSED'],
  ])('seals nothing for a pool that %s, and says where to look', async (_, pool, code) => {
    const anna = await newContributor(world, 'Anna')
    writeFileSync(cli.file('rye.txt'), bytes)
    const args = ['--pool', String(pool()), '--purposes', 'evaluation']
    const run = await cli.run(anna.wallet.privateKey, 'contribute', cli.file('rye.txt'), ...args)
    expect([run.code, run.json.datasets, run.json.error.code]).toEqual([1, [], code])
    expect(run.json.error.message).toContain('granary pools list')
    const spool = join(cli.home, 'spool')
    expect(existsSync(spool) ? readdirSync(spool) : []).toEqual([])
    expect(await uploadsOf(anna.address)).toBe(0)
  })
})

describe('the page', () => {
  const file = { name: 'rye.txt', mimeType: 'text/plain', buffer: Buffer.from(bytes) }

  /** Somebody's page whose list of pools is old until `refresh` is called. */
  async function opened() {
    const page = await openPage(browser)
    const uploads: string[] = []
    page.on('request', (request) => {
      if (new URL(request.url()).pathname.startsWith('/v1/uploads')) uploads.push(request.method())
    })
    await page.route('**/v1/pools?*', (route) => route.fulfill({ json: before }))
    const wallet = await injectWallet(page)
    await signIn(page, world.api, wallet)
    return { page, uploads, wallet, refresh: () => page.unroute('**/v1/pools?*') }
  }

  it('says that a pool was closed as soon as it is chosen, and takes another', async () => {
    const { page, uploads, refresh } = await opened()
    await page.getByTestId('files').setInputFiles([file])
    await page.locator(`input[name=pool][value="${closed}"]`).waitFor()
    await refresh()
    await page.locator(`input[name=pool][value="${closed}"]`).click()
    await page.getByRole('alert').getByText('takes no more contributions. Choose another pool.').waitFor()
    await page.locator(`input[name=pool][value="${closed}"]`).waitFor({ state: 'detached' })
    await page.locator('input[name=evaluation]').check()
    await page.getByRole('button', { name: 'Seal and contribute' }).click()
    await page.getByRole('alert').getByText('Choose a pool.').waitFor()
    expect(uploads).toEqual([])
    await page.locator(`input[name=pool][value="${open}"]`).check()
    await page.getByText('takes no more contributions').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Seal and contribute' }).click()
    await page.getByRole('heading', { name: 'Your dataset is registered' }).waitFor()
    expect(page.faults).toEqual([])
    await page.context().close()
  }, 240_000)

  it('seals nothing for a pool that it did not know to be closed', async () => {
    const { page, uploads, wallet } = await opened()
    await fillForm(page, { files: [file], pool: closed, purposes: ['evaluation'] })
    await page.getByRole('button', { name: 'Seal and contribute' }).click()
    await page.getByRole('alert').getByText('Choose another one for this file.').waitFor()
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
    expect([await spooled(page), uploads]).toEqual([[], []])
    expect(wallet.asked).not.toContain('eth_signTypedData_v4')
    expect(page.faults).toEqual([])
    await page.context().close()
  }, 240_000)
})
