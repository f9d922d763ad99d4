import { createCipheriv } from 'node:crypto'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatasetResource } from '@granary/protocol'
import { fileKeyFromIdentity, open } from '@granary/sealing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import pg from 'pg'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../support/chromium.js'
import { type Contributing, openContributing, rye } from '../support/contributing.js'
import { signIn as session, tus } from '../support/rest.js'
import { type FormFile, goTo, type InjectedWallet, injectWallet, spooled } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// A contribution in the browser that was cut off goes on from the sealed file that the browser kept, where its upload
// was, for its own account and in one tab only. What was sealed by halves is thrown away, and said.

const MB = 1_000_000

let world: World
let browser: Browser
let pool: number
let database: pg.Client
const folder = mkdtempSync(join(tmpdir(), 'granary-web-'))

let at: Contributing
let page: Contributing['page']
let alice: InjectedWallet

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool()
  database = new pg.Client(world.facts.databaseUrl)
  await database.connect()
})
beforeEach(async () => {
  at = await openContributing(world, browser, pool)
  page = at.page
  alice = at.alice
})
afterEach(() => page.context().close())
afterAll(async () => {
  await database?.end()
  await browser?.close()
  world?.close()
  rmSync(folder, { recursive: true })
})

const patches = () => at.sent('PATCH')
const begun = () => at.sent('POST')
const heading = (name: string) => at.heading(name)
const button = (name: string) => at.button(name)
const datasets = (owner?: string) => at.datasets(owner)
const contribute = (...files: FormFile[] | string[]) => at.contribute(...files)
const reload = () => at.reload()
const cutOff = (...files: FormFile[]) => at.cutOff(...files)
const records: Contributing['records'] = (...which) => at.records(...which)
const registered = () => at.registered()

/** While the first waits for its upload the second is sealed. */
const bothSealed = () =>
  waitFor('both to be sealed', async () => {
    const kept = await records()
    return kept.length === 2 && kept.every(({ sealed }) => sealed !== null)
  })

/** A dataset opened with the key that the page keeps for its account. */
async function opened(dataset: DatasetResource): Promise<Buffer> {
  const identity = await page.evaluate(
    (account) =>
      new Promise<string>((resolve) => {
        const opening = indexedDB.open('granary')
        opening.onsuccess = () => {
          const reading = opening.result.transaction('identities').objectStore('identities').get(account)
          reading.onsuccess = () => {
            opening.result.close()
            resolve(reading.result.identity)
          }
        }
      }),
    alice.wallet.address.toLowerCase(),
  )
  const answer = await fetch(`${world.api}/v1/datasets/${dataset.id}/content`)
  const plain = open({
    source: answer.body as ReadableStream<Uint8Array>,
    fileKey: (_, header) => fileKeyFromIdentity(header, [identity]),
  })
  return Buffer.from(await new Response(plain).arrayBuffer())
}

describe('a contribution that was cut off', () => {
  it('while it was sealed, is thrown away, and its file is asked for again', async () => {
    const file = join(folder, 'barley.bin')
    writeFileSync(file, '')
    truncateSync(file, 1_500 * MB)
    await contribute(file)
    await waitFor('sealing to begin', async () => (await spooled(page)).some(({ size }) => size > MB))
    // Held up in the middle: contexts of tests have their files in the browser's memory, where each write is a call that
    // its worker waits for, and a page has crashed whose worker was ended while it wrote. With a profile on a disk there
    // are no such calls.
    await button('Pause barley').click()
    await page
      .getByRole('listitem')
      .getByText(/^Paused while sealing/)
      .waitFor()
    let sealed = -1
    await waitFor('sealing to stand still', async () => {
      const [only] = await spooled(page)
      const still = only!.size === sealed
      sealed = only!.size
      return still
    })
    expect(sealed).toBeLessThan(1_500 * MB)
    await reload()
    const line = page.getByRole('listitem').filter({ has: heading('barley') })
    await line.getByText('It was not completely sealed, and nothing of that was kept.').waitFor()
    await waitFor('its spool to go', async () => (await spooled(page)).length === 0)
    await button('Continue barley').first().waitFor({ state: 'detached' })
    expect(begun()).toEqual([])
    await button('Got it: barley').click()
    await page.getByText('“barley” is off this list.').waitFor()
    await reload()
    await button('Choose files').waitFor()
    await heading('Not finished yet').first().waitFor({ state: 'detached' })
    expect(await records()).toEqual([])
  }, 240_000)

  it('is not shown to another account, and stays for its own', async () => {
    await cutOff(rye)
    await button('Continue rye').waitFor()
    const own = alice.wallet
    await alice.changeAccount(new Wallet(Wallet.createRandom().privateKey))
    await page.getByRole('button', { name: /^Sign in with/ }).click()
    await heading('Your granary').waitFor()
    await page.getByText('rye', { exact: true }).first().waitFor({ state: 'detached' })
    await goTo(page, 'My data')
    await page.getByText('Nothing here yet.').waitFor()
    await page.getByText('rye', { exact: true }).first().waitFor({ state: 'detached' })
    await goTo(page, 'Contribute')
    // By now it was looked for.
    await button('Choose files').waitFor()
    expect(await page.getByText('rye', { exact: true }).count()).toBe(0)
    expect(await spooled(page)).toHaveLength(1)
    await alice.changeAccount(own)
    await page.getByRole('button', { name: /^Sign in with/ }).click()
    await button('Continue rye').click()
    await registered()
    expect(await datasets()).toHaveLength(1)
  }, 240_000)

  it('and then given to another account in the browser, is still not that one’s', async () => {
    await cutOff(rye)
    const mallory = new Wallet(Wallet.createRandom().privateKey)
    await records({ account: mallory.address.toLowerCase() })
    await alice.changeAccount(mallory)
    await page.getByRole('button', { name: /^Sign in with/ }).click()
    await button('Continue rye').click()
    await page.getByRole('alert').getByText('It was sealed to keys that are not in use any more').waitFor()
    expect(await datasets(mallory.address)).toEqual([])
    expect(alice.asked).not.toContain('eth_signTypedData_v4')
    expect(begun()).toHaveLength(1)
  }, 240_000)

  it('and sealed to keys that are not in use any more, has to be sealed again', async () => {
    await cutOff(rye)
    const [before] = await records()
    await records({ sealed: { ...before!.sealed, sealedTo: '0xabcd 31337 elsewhere' } })
    await button('Continue rye').click()
    const alert = page.getByRole('alert')
    await alert.getByText('It has to be sealed again.').waitFor()
    await alert.getByText('Choose the file again').waitFor()
    await button('Try again').first().waitFor({ state: 'detached' })
    expect(await spooled(page)).toEqual([])
    expect(await records()).toEqual([])
    expect(alice.asked).not.toContain('eth_signTypedData_v4')
  }, 240_000)

  it('and broken or long forgotten, leaves nothing behind', async () => {
    await cutOff(rye)
    // The page has looked once and removed what is stray: what comes now stays until it looks again.
    await button('Continue rye').waitFor()
    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory()
      const spool = await root.getDirectoryHandle('granary-spool')
      await spool.getFileHandle('stray', { create: true })
    })
    expect(await spooled(page)).toHaveLength(2)
    await records({ changed: Date.now() - 7 * 86_400_000 - 1 })
    await reload()
    await waitFor('both to be gone', async () => (await spooled(page)).length === 0)
    expect(await records()).toEqual([])

    await cutOff(rye)
    await records({ order: null })
    await reload()
    await waitFor('it to be gone', async () => (await spooled(page)).length === 0)
    expect(await records()).toEqual([])
    await heading('Not finished yet').first().waitFor({ state: 'detached' })
  }, 240_000)

  it('and discarded after a question, is gone here and on the server', async () => {
    await cutOff(rye)
    const [before] = await records()
    const token = await session(world, alice.wallet)
    const head = () => tus(world, 'HEAD', token, new URL(before!.sealed!.upload!).pathname)
    expect((await head()).status).toBe(200)
    await button('Discard rye').focus()
    await page.keyboard.press('Enter')
    const question = page.getByRole('alertdialog')
    await question.getByText('Nothing is registered.').waitFor()
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'detached' })
    expect(await spooled(page)).toHaveLength(1)
    await button('Discard rye').click()
    await question.getByRole('button', { name: 'Discard it' }).click()
    await page.getByText('“rye” is discarded.').waitFor()
    expect(await spooled(page)).toEqual([])
    expect(await records()).toEqual([])
    expect((await head()).status).toBe(404)
    expect(await datasets()).toEqual([])
  }, 240_000)

  it('in two tabs, goes on in one', async () => {
    await cutOff(rye)
    await button('Continue rye').waitFor()
    const second = await page.context().newPage()
    const wallet = await injectWallet(second, { wallet: alice.wallet })
    await second.goto(world.api)
    await second.getByRole('button', { name: wallet.name, exact: true }).click()
    const other = second.getByRole('button', { name: 'Continue rye', exact: true })
    await other.waitFor()
    // The first tab stops before its last step, and has it meanwhile.
    alice.rejects = true
    await button('Continue rye').click()
    await button('Try again').waitFor()
    await other.click()
    await second.getByRole('alert').getByText('Another tab is working on it.').waitFor()
    await second.reload()
    await second.getByText('Another tab is working on it.').waitFor()
    await other.first().waitFor({ state: 'detached' })
    alice.rejects = false
    await button('Try again').click()
    await registered()
    expect(await datasets()).toHaveLength(1)
    expect(wallet.asked).not.toContain('eth_signTypedData_v4')
  }, 240_000)

  it('in the middle of its upload, goes on there and sends no byte twice', async () => {
    const plain = createCipheriv('aes-256-ctr', Buffer.alloc(32, 3), Buffer.alloc(16)).update(
      Buffer.alloc(24 * MB),
    )
    const file = join(folder, 'wheat.bin')
    writeFileSync(file, plain)
    const network = await page.context().newCDPSession(page)
    const upload = (uploadThroughput: number) =>
      network.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput,
      })
    await upload(MB)
    await contribute(file)
    const stored = async () => {
      const id = patches()[0]?.path.split('/').at(-1)
      const { rows } = await database.query('SELECT "offset" FROM "Upload" WHERE "id" = $1', [id])
      return Number(rows[0]?.offset ?? 0)
    }
    await waitFor('a part of it to arrive', async () => (await stored()) > 4 * MB)
    await reload()
    await upload(-1)
    const [before] = await records()
    const [kept] = await spooled(page)
    const offset = await standing(patches()[0]!.path)
    expect(offset).toBeGreaterThan(4 * MB)
    expect(offset).toBeLessThan(kept!.size)

    await button('Continue wheat').click()
    await registered()
    const [dataset] = await datasets()
    expect(dataset).toMatchObject({ cid: before!.sealed!.cid, pool, purposes: ['evaluation'] })
    expect(dataset!.metadata).toMatchObject({ title: 'wheat', size: plain.length })
    expect(begun()).toHaveLength(1)
    expect(patches().map((patch) => patch.offset)).toEqual(['0', String(offset)])
    expect((await opened(dataset!)).equals(plain)).toBe(true)
    await waitFor('the spool to be empty', async () => (await spooled(page)).length === 0)
    expect(await records()).toEqual([])
    expect(page.faults).toEqual([])
  }, 240_000)

  it('and its upload expired since, is uploaded again, with the same sealed file', async () => {
    await cutOff(rye)
    const [before] = await records()
    await database.query(`UPDATE "Upload" SET "expiresAt" = now() - interval '1 day' WHERE "owner" = $1`, [
      alice.wallet.address,
    ])
    await button('Continue rye').click()
    await registered()
    expect((await datasets())[0]).toMatchObject({ cid: before!.sealed!.cid })
    expect(begun()).toHaveLength(2)
  }, 240_000)

  it('after it was registered, is recognised as done', async () => {
    await page.route('**/v1/datasets', async (route) => {
      // It arrives; its answer does not.
      if (route.request().method() === 'POST') await route.fetch()
      else await route.continue()
    })
    await contribute(rye)
    await waitFor('it to be on chain', async () => (await datasets()).length === 1)
    expect(await spooled(page)).toHaveLength(1)
    await reload()
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.getByText('It went through: your dataset is registered.').waitFor()
    expect(await spooled(page)).toEqual([])
    await button('Continue rye').first().waitFor({ state: 'detached' })
    expect(alice.asked.filter((method) => method === 'eth_signTypedData_v4')).toHaveLength(1)
    await button('Got it: rye').click()
    await page.getByText('“rye” is off this list.').waitFor()
    expect(await records()).toEqual([])
  }, 240_000)

  it('with others, goes on with all of them', async () => {
    const oats = { ...rye, name: 'oats.csv' }
    await page.route('**/v1/uploads/*', (route) =>
      route.request().method() === 'PATCH' ? undefined : route.continue(),
    )
    await contribute(rye, oats)
    // The second is sealed while the first waits for its upload.
    await bothSealed()
    await reload()
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await button('Continue all 2').click()
    await heading('Your 2 datasets are registered').waitFor()
    expect((await datasets()).map(({ metadata }) => metadata?.title).sort()).toEqual(['oats', 'rye'])
  }, 240_000)
})

/** What the API has of an upload, once it has noticed that nobody sends any more. */
async function standing(path: string): Promise<number> {
  const token = await session(world, alice.wallet)
  let last = -1
  await waitFor('the offset to stand still', async () => {
    const now = Number((await tus(world, 'HEAD', token, path)).headers.get('upload-offset'))
    const still = now === last
    last = now
    await new Promise((resolve) => setTimeout(resolve, 300))
    return still
  })
  return last
}
