import { createCipheriv } from 'node:crypto'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatasetResource } from '@granary/protocol'
import { fileKeyFromIdentity, open } from '@granary/sealing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { findings, overflow, WCAG } from '../support/accessibility.js'
import { launchChromium } from '../support/chromium.js'
import { signIn as session, tus } from '../support/rest.js'
import {
  type FormFile,
  fillForm,
  goTo,
  type InjectedWallet,
  injectWallet,
  openPage,
  signIn,
  spooled,
} from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// A contribution in the browser that was cut off goes on from the sealed file that the browser kept, where its upload
// was, for its own account and in one tab only. What was sealed by halves is thrown away, and said.

const MB = 1_000_000
const rye: FormFile = { name: 'rye.csv', mimeType: 'text/csv', buffer: Buffer.from('day,kg\nmonday,7\n') }

let world: World
let browser: Browser
let pool: number
let database: pg.Client
const folder = mkdtempSync(join(tmpdir(), 'granary-web-'))

let page: Page & { faults: string[] }
let alice: InjectedWallet
/** Requests of tus that the page began, in order. */
let sent: { method: string; path: string; offset: string | undefined }[]

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool()
  database = new pg.Client(world.facts.databaseUrl)
  await database.connect()
})
beforeEach(async () => {
  page = await openPage(browser)
  alice = await injectWallet(page)
  sent = []
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname
    if (!path.startsWith('/v1/uploads')) return
    sent.push({ method: request.method(), path, offset: request.headers()['upload-offset'] })
  })
  await signIn(page, world.api, alice)
})
afterEach(() => page.context().close())
afterAll(async () => {
  await database?.end()
  await browser?.close()
  world?.close()
  rmSync(folder, { recursive: true })
})

const patches = () => sent.filter(({ method }) => method === 'PATCH')
const begun = () => sent.filter(({ method }) => method === 'POST')
const heading = (name: string) => page.getByRole('heading', { name, exact: true })
const button = (name: string) => page.getByRole('button', { name, exact: true })

async function datasets(owner = alice.wallet.address): Promise<DatasetResource[]> {
  const answer = await fetch(`${world.api}/v1/datasets?owner=${owner}`)
  return ((await answer.json()) as { items: DatasetResource[] }).items
}

async function contribute(...files: FormFile[] | string[]): Promise<void> {
  await fillForm(page, { files: files as FormFile[], pool, purposes: ['evaluation'] })
  await page.getByRole('button', { name: /^Seal and contribute/ }).click()
}

/** Reloads the page, or opens it again, as the same person in the same browser. */
async function reload(): Promise<void> {
  await page.reload()
  await heading('Your granary').waitFor()
}

/** Contributes; no byte of an upload gets through until the page is reloaded. */
async function cutOff(...files: FormFile[]): Promise<void> {
  await page.route('**/v1/uploads/*', (route) =>
    route.request().method() === 'PATCH' ? undefined : route.continue(),
  )
  await contribute(...files)
  await waitFor('the first byte to be sent', () => patches().length > 0)
  await reload()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
}

/** Reads or changes all records of the page's unfinished contributions. */
const records = (change: Record<string, unknown> | null = null, title: string | null = null) =>
  page.evaluate(
    ({ changed, only }) =>
      new Promise<{ name: string; sealed: { cid: string; upload: string | null } | null }[]>(
        (resolve, reject) => {
          const opening = indexedDB.open('granary-spool')
          opening.onsuccess = () => {
            const transaction = opening.result.transaction('records', 'readwrite')
            const store = transaction.objectStore('records')
            const reading = store.getAll()
            reading.onsuccess = () => {
              if (!changed) return
              for (const record of reading.result)
                if (only === null || record.order.title === only) store.put({ ...record, ...changed })
            }
            transaction.oncomplete = () => {
              opening.result.close()
              resolve(reading.result)
            }
          }
          opening.onerror = () => reject(opening.error)
        },
      ),
    { changed: change, only: title },
  )

/** While the first waits for its upload the second is sealed. */
const bothSealed = () =>
  waitFor('both to be sealed', async () => {
    const kept = await records()
    return kept.length === 2 && kept.every(({ sealed }) => sealed !== null)
  })

const registered = () => heading('Your dataset is registered').waitFor()

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

describe('a contribution that failed', () => {
  it('because its person said no, is tried again with the same sealed file', async () => {
    alice.rejects = (method) => method === 'eth_signTypedData_v4'
    await contribute(rye)
    await page.getByRole('alert').getByText('You told your wallet not to sign').waitFor()
    await page.getByText('The sealed file is kept in this browser.').waitFor()
    const [before] = await records()
    alice.rejects = false
    await button('Try again').click()
    await registered()
    expect((await datasets())[0]).toMatchObject({ cid: before!.sealed!.cid })
    expect(begun()).toHaveLength(1)
    expect(patches()).toHaveLength(1)
    expect(await spooled(page)).toEqual([])
  })

  it('because the network was down, goes on by itself with the same sealed file', async () => {
    await page.route('**/v1/uploads/*', (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    )
    await contribute(rye)
    await page.locator('p', { hasText: 'The network does not answer.' }).first().waitFor()
    const [before] = await records()
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await registered()
    expect((await datasets())[0]).toMatchObject({ cid: before!.sealed!.cid })
    expect(begun()).toHaveLength(1)
  }, 240_000)

  it('because the network had no room, is tried again with the same sealed file', async () => {
    const full = { type: 'about:blank', status: 507, code: 'STORE_FULL', title: 'No room.' }
    await page.route('**/v1/uploads/*', (route) =>
      route.request().method() === 'PATCH'
        ? route.fulfill({ status: 507, contentType: 'application/problem+json', body: JSON.stringify(full) })
        : route.continue(),
    )
    await contribute(rye)
    await page.getByRole('alert').getByText('no room for this file').waitFor()
    const [before] = await records()
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await button('Try again').click()
    await registered()
    expect((await datasets())[0]).toMatchObject({ cid: before!.sealed!.cid })
    expect(begun()).toHaveLength(1)
  }, 240_000)

  it('and is left for the account of another, waits for its own', async () => {
    alice.rejects = (method) => method === 'eth_signTypedData_v4'
    await contribute(rye)
    await button('Try again').waitFor()
    const own = alice.wallet
    await alice.changeAccount(new Wallet(Wallet.createRandom().privateKey))
    await page.getByRole('region', { name: 'The text to sign' }).waitFor()
    alice.rejects = false
    await alice.changeAccount(own)
    // The session may still be its own.
    const again = page.getByRole('button', { name: /^Sign in with/ })
    await waitFor('its own session', async () => {
      if (await again.isVisible()) await again.click({ timeout: 5_000 })
      return button('Continue rye').isVisible()
    })
    await button('Continue rye').click()
    await registered()
    expect(begun()).toHaveLength(1)
  }, 240_000)
})

describe.each([1280, 390])('the list of unfinished contributions, %i pixels wide', (width) => {
  it('has nothing that axe-core finds wrong, and is used by keyboard', async () => {
    await page.setViewportSize({ width, height: 844 })
    await cutOff(
      { ...rye, name: 'rye_with_a_rather_long_name_that_has_to_be_broken_somewhere_or_else.csv' },
      { ...rye, name: 'oats.csv' },
    )
    // Whether it was sealed already when the page went away is a matter of moments.
    await records({ sealed: null }, 'oats')
    await reload()
    const title = 'rye with a rather long name that has to be broken somewhere or else'
    await button(`Continue ${title}`).waitFor()
    expect(await findings(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await button(`Discard ${title}`).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').getByText('Nothing is registered.').waitFor()
    expect(await findings(page, WCAG)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await page.keyboard.press('Escape')
    await button('Got it: oats').focus()
    await page.keyboard.press('Enter')
    await page.getByText('“oats” is off this list.').waitFor()
    await page.waitForFunction(() => document.activeElement?.id === 'unfinished')
    await button('Got it: oats').waitFor({ state: 'detached' })
    await page.keyboard.press('Tab')
    await page.waitForFunction(() => /^Continue rye/.test(document.activeElement?.ariaLabel ?? ''))
    await page.keyboard.press('Enter')
    await registered()
    expect(await findings(page)).toEqual([])
    expect(page.faults).toEqual([])
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
