import { createCipheriv } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DatasetResource, type DatasetSchema, documentDigest } from '@granary/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { findings, overflow, WCAG } from '../support/accessibility.js'
import { launchChromium } from '../support/chromium.js'
import { tasksDuring } from '../support/long-tasks.js'
import { goTo, type InjectedWallet, injectWallet, openPage, signIn, spooled } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// Many files at once, from wherever they come; what is published about them is what their contributor saw and changed;
// each can be paused, resumed, cancelled and tried again, and the page stays quick meanwhile.

const MB = 1_000_000
let world: World
let browser: Browser
let pool: number
let page: Page & { faults: string[] }
let alice: InjectedWallet
const folder = mkdtempSync(join(tmpdir(), 'granary-many-'))

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool()
})
beforeEach(async () => {
  page = await openPage(browser)
  alice = await injectWallet(page)
  await signIn(page, world.api, alice)
})
afterEach(() => page.context().close())
afterAll(async () => {
  await browser?.close()
  world?.close()
  rmSync(folder, { recursive: true })
})

const button = (name: string) => page.getByRole('button', { name, exact: true })
const heading = (name: string) => page.getByRole('heading', { name, exact: true })
const inside = (title: string) => page.getByRole('group', { name: `What ${title} holds` })
const file = (name: string, content: string | Buffer, mimeType = '') => ({
  name,
  mimeType,
  buffer: Buffer.from(content),
})
/** As spreadsheets write it: little endian, with a byte order mark. */
const utf16 = (text: string) => Buffer.concat([Buffer.from([255, 254]), Buffer.from(text, 'utf16le')])
const choose = (files: ReturnType<typeof file>[] | string[]) =>
  page.getByTestId('files').setInputFiles(files as string[])

async function consent(): Promise<void> {
  await page.locator(`input[name=pool][value="${pool}"]`).check()
  await page.locator('input[name=evaluation]').check()
}

const submit = () => page.getByRole('button', { name: /^Seal and contribute/ }).click()

async function datasets(): Promise<DatasetResource[]> {
  const answer = await fetch(`${world.api}/v1/datasets?owner=${alice.wallet.address}`)
  return ((await answer.json()) as { items: DatasetResource[] }).items
}

/** Drops files on the page as a file manager does, anywhere. */
const drop = (files: Record<string, string>) =>
  page.evaluate((all) => {
    const transfer = new DataTransfer()
    for (const [name, content] of Object.entries(all)) transfer.items.add(new File([content], name))
    const options = { dataTransfer: transfer, bubbles: true, cancelable: true }
    document.body.dispatchEvent(new DragEvent('dragover', options))
    document.body.dispatchEvent(new DragEvent('drop', options))
  }, files)

const paste = (into: string, text: string) =>
  page.evaluate(
    ({ selector, value }) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', value)
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      document.querySelector(selector)?.dispatchEvent(event)
    },
    { selector: into, value: text },
  )

/** Bytes that no upload finishes at once. */
function noise(name: string, size: number): string {
  const path = join(folder, name)
  writeFileSync(
    path,
    createCipheriv('aes-256-ctr', Buffer.alloc(32, 5), Buffer.alloc(16)).update(Buffer.alloc(size)),
  )
  return path
}

async function slowUploads(bytesPerSecond: number): Promise<(rate: number) => Promise<unknown>> {
  const network = await page.context().newCDPSession(page)
  const set = (uploadThroughput: number) =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    })
  await set(bytesPerSecond)
  return set
}

describe('choosing files', () => {
  it('refuses more than a thousand at once, and says how many', async () => {
    const many = join(folder, 'thousand')
    mkdirSync(many)
    for (let n = 0; n < 1003; n += 1) writeFileSync(join(many, `${n}.txt`), '')
    writeFileSync(join(many, '.DS_Store'), 'x')
    await page.getByTestId('folder').setInputFiles(many)
    await page.getByText('3 too many: at most 1,000 files').waitFor()
    await page.getByText('One hidden file was left out').waitFor()
    await page.getByText('1,000 files, 0 bytes').waitFor()
    await button('Remove all').click()
    await page.getByText('1,000 files').waitFor({ state: 'detached' })
  })

  it('takes folders with their paths as titles, drops anywhere, pasted text, and a file once', async () => {
    const trip = join(folder, 'trip')
    mkdirSync(join(trip, 'day one'), { recursive: true })
    writeFileSync(join(trip, 'day one', 'steps.csv'), 'hour,steps\n1,2\n2,5\n')
    writeFileSync(join(trip, '.hidden'), 'x')
    await page.getByTestId('folder').setInputFiles(trip)
    await page.getByText('One hidden file was left out').waitFor()
    expect(await page.getByLabel('Title of steps.csv').inputValue()).toBe('trip/day one/steps')
    await drop({ 'a.txt': 'hello', '.DS_Store': '' })
    await page.getByLabel('Title of a.txt').waitFor()
    await page.getByTestId('folder').setInputFiles(trip)
    await page.getByText('One file is in the list already.').waitFor()
    await paste('body', 'name,age\nx,1\ny,2\n')
    expect(await page.getByLabel('Title of Pasted text.txt').inputValue()).toBe('Pasted text')
    await inside('Pasted text').getByText('Table (CSV) · 2 columns · 2 rows').waitFor()
    await paste('#root input[type=text]', 'this belongs into the field')
    await page.getByText(/^3 files, /).waitFor()
    expect(page.faults).toEqual([])
  })
})

describe('what is published about a file', () => {
  const table = 'day,name,kg\n2024-02-29,Alice,"7\n5"\n2024-03-01,Bob,8\n'

  it('is what its contributor saw and left, and nothing else', async () => {
    await choose([file('weights-SECRET.csv', table), file('plain.txt', 'Just words.')])
    await page.getByLabel('Title of weights-SECRET.csv').fill('Weights')
    const group = inside('Weights')
    await group.getByText('Table (CSV) · 3 columns · 2 rows · 29 February 2024 to 1 March 2024').waitFor()
    await page.getByText('What it holds is not recognised').waitFor()
    await group.getByText('See and change it').click()
    await group.getByLabel('Publish the column name').uncheck()
    await group.getByLabel('Published name of the column kg').fill('weight')
    await page.getByText('Add a description').first().click()
    await page.getByLabel('What others should know about “Weights”').fill('Measured every morning.')
    await consent()
    expect(await findings(page, WCAG)).toEqual([])
    await submit()
    await heading('Your 2 datasets are registered').waitFor()
    const all = await datasets()
    const weights = all.find(({ metadata }) => metadata?.title === 'Weights')!
    const schema: DatasetSchema = {
      version: 'granary/schema/v1',
      format: 'csv',
      rows: 2,
      rowsExact: true,
      columns: [
        { name: 'day', type: 'date' },
        { name: 'weight', type: 'mixed' },
      ],
      from: '2024-02-29',
      to: '2024-03-01',
    }
    expect(weights.metadata).toMatchObject({ description: 'Measured every morning.', schema })
    const published = await fetch(`${world.api}/ipfs/${weights.metadataCid}?format=raw`)
    const bytes = Buffer.from(await published.arrayBuffer())
    expect(JSON.parse(bytes.toString())).toEqual(weights.metadata)
    expect((await documentDigest(weights.metadata)).cid).toBe(weights.metadataCid)
    for (const never of ['SECRET', 'Alice', 'Bob']) expect(bytes.toString()).not.toContain(never)
    expect(all.find(({ metadata }) => metadata?.title === 'plain')!.metadata).not.toHaveProperty('schema')
    expect(page.faults).toEqual([])
  }, 240_000)

  it('is nothing when it was dropped', async () => {
    await choose([file('lines.jsonl', '{"a":1}\n{"a":2}\n')])
    await inside('lines')
      .getByRole('checkbox', { name: /^Publish what it holds/ })
      .uncheck()
    await consent()
    await submit()
    await heading('Your dataset is registered').waitFor()
    expect((await datasets())[0]!.metadata).not.toHaveProperty('schema')
  })

  it('is said of a table that a spreadsheet wrote in UTF-16', async () => {
    await choose([file('x.csv', utf16('day,steps\n2024-02-29,7\n2024-03-01,6\n'), 'text/csv')])
    await inside('x')
      .getByText('Table (CSV) · 2 columns · 2 rows · 29 February 2024 to 1 March 2024')
      .waitFor()
  })

  it.each<[string, string | Buffer]>([
    ['binary rubbish called a table', Buffer.from([1, 2, 3, 0, 255, 254])],
    ['a line without end', 'a,'.repeat(3_000_000)],
    ['100,000 columns', `${'a,'.repeat(99_999)}a\n${'1,'.repeat(99_999)}1\n`],
    ['half a letter of UTF-16', utf16('a,b\n1,2\n').subarray(0, -1)],
    ['nothing', ''],
  ])('is nothing for %s', async (_what, content) => {
    await choose([file('x.csv', content, 'text/csv')])
    await page.getByText('What it holds is not recognised').waitFor()
    await inside('x').first().waitFor({ state: 'detached' })
  })
})

describe('files on their way', () => {
  it('are paused, resumed, cancelled and tried again, each and all, and go on on other pages', async () => {
    const setSpeed = await slowUploads(MB / 2)
    await choose([noise('first.bin', 16 * MB), noise('second.bin', 2 * MB), noise('third.bin', MB)])
    await consent()
    await submit()
    await page.getByText(/Uploading the sealed file, [1-9]\d* % · .* a second · .* left/).waitFor()
    await button('Pause first').click()
    await page.getByText('Paused. It goes on where it stopped.').waitFor()
    // The others go on without it.
    await setSpeed(-1)
    await page.getByText(/2 of 3 registered · 1 paused/).waitFor()
    await setSpeed(MB / 2)
    await button('Cancel first').click()
    const question = page.getByRole('alertdialog')
    await question.getByText('Your own files stay as they are.').waitFor()
    await button('Go on').click()
    await goTo(page, 'My data')
    await page
      .getByRole('region', { name: 'Contributions on their way' })
      .getByText(/2 of 3 registered · 1 paused/)
      .waitFor()
    expect(await datasets()).toHaveLength(2)
    await page.getByRole('link', { name: /2 of 3 registered · 1 paused/ }).click()
    expect(await spooled(page)).toHaveLength(1)
    await button('Resume first').click()
    await page.getByText(/Uploading the sealed file, [1-9]\d* %/).waitFor()
    await button('Pause all').click()
    await heading('Paused').waitFor()
    await button('Cancel all').click()
    await question.getByRole('button', { name: 'Cancel it' }).click()
    await page.getByText('Cancelled. Nothing was registered.').first().waitFor()
    await waitFor('nothing to be kept', async () => (await spooled(page)).length === 0)
    await setSpeed(-1)
    await button('Try again').click()
    await heading('Your 3 datasets are registered').waitFor()
    expect(await datasets()).toHaveLength(3)
    expect(page.faults).toEqual([])
  }, 240_000)

  it('go on after the tab was closed, with what was described', async () => {
    await page.route('**/v1/uploads/*', (route) =>
      route.request().method() === 'PATCH' ? undefined : route.continue(),
    )
    await choose([file('rye.csv', 'day,kg\n2024-01-01,7\n2024-01-02,8\n')])
    await inside('rye').waitFor()
    await consent()
    await submit()
    await waitFor('it to be sealed', async () => (await spooled(page)).some(({ size }) => size > 0))
    await page
      .getByText(/^Uploading/)
      .first()
      .waitFor()
    const second = await page.context().newPage()
    await page.close()
    const wallet = await injectWallet(second, { wallet: alice.wallet })
    await second.goto(world.api)
    await second.getByRole('button', { name: wallet.name, exact: true }).click()
    await second.getByRole('button', { name: 'Continue rye' }).click()
    await second.getByRole('heading', { name: 'Your dataset is registered' }).waitFor()
    expect((await datasets())[0]!.metadata).toMatchObject({ schema: { format: 'csv', rows: 2 } })
  }, 240_000)

  it('never hold the page up for more than 50 ms while 200 MB are sealed', async () => {
    const path = join(folder, 'large.bin')
    writeFileSync(path, '')
    truncateSync(path, 200 * MB)
    await page.route('**/v1/uploads/*', (route) =>
      route.request().method() === 'PATCH' ? undefined : route.continue(),
    )
    await choose([path])
    await page.getByText('What it holds is not recognised').waitFor()
    await consent()
    await submit()
    await waitFor('sealing to begin', async () => (await spooled(page)).some(({ size }) => size > 5 * MB))
    // What comes before is loaded once; sealing itself is what must not be felt. By the clock a task also lasts while
    // others have the processor.
    const { count, longest } = await tasksDuring(browser, async () => {
      await page.evaluate(() => fetch('/favicon.svg'))
      await waitFor('it to be sealed', async () => (await spooled(page)).some(({ size }) => size > 200 * MB))
    })
    expect(count).toBeGreaterThan(0)
    expect(longest).toBeLessThan(50)
  }, 240_000)

  it('fit a narrow screen', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await choose([file('a.csv', 'day,kg\n2024-01-01,7\n2024-01-02,8\n')])
    await inside('a').getByText('See and change it').click()
    expect(await overflow(page)).toBeLessThanOrEqual(0)
  })
})
