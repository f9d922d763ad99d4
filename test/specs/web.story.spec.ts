import { readFileSync } from 'node:fs'
import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther, Wallet } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { sha256 } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { fillForm, goTo, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World } from '../support/world.js'

// The whole story through the pages alone: Alice contributes, Trent applies, a member of the council approves, Trent finds
// and pays for and opens what Alice has, and Alice is paid. Each in a browser of their own; nothing is done behind them
// but what the world is: a pool, and money on Trent's account.

let world: World
let browser: Browser
let alice: Person
let trent: Person
let pool: number
let title: string

interface Person {
  page: Page & { faults: string[] }
  wallet: InjectedWallet
}

async function person(wallet = new Wallet(Wallet.createRandom().privateKey)): Promise<Person> {
  const page = await openPage(browser, { acceptDownloads: true })
  const injected = await injectWallet(page, { wallet, rpc: world.rpc })
  await signIn(page, world.api, injected)
  return { page, wallet: injected }
}

const FILE = Buffer.from('day,steps\n2026-01-01,9000\n2026-01-02,4000\n')

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool({ price: parseEther('10') })
  title = `Steps of ${pool}`
  ;[alice, trent] = [await person(), await person()]
  await world.mint(trent.wallet.wallet.address, parseEther('10'))
}, 240_000)

afterAll(async () => {
  expect([...(alice?.page.faults ?? []), ...(trent?.page.faults ?? [])]).toEqual([])
  await browser?.close()
  world?.close()
})

describe('the whole story', () => {
  it('Alice seals and contributes a file', async () => {
    const { page } = alice
    const file = { name: `${title}.csv`, mimeType: 'text/csv', buffer: FILE }
    await fillForm(page, { files: [file], pool, purposes: ['evaluation'] })
    await page.getByRole('button', { name: 'Seal and contribute' }).click()
    await page.getByRole('heading', { name: 'Your dataset is registered' }).waitFor()
  }, 240_000)

  it('Trent applies', async () => {
    const { page } = trent
    await goTo(page, 'Training')
    await page.getByLabel('Name').fill('Trent Models')
    await page.getByLabel('Who you are and what you train').fill('We test step counters.')
    await page.getByRole('button', { name: 'Sign and apply' }).click()
    await page.getByText('Your application is waiting').waitFor()
  }, 240_000)

  it('the council approves him', async () => {
    const account = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'council')!
    const { page } = await person(new Wallet(account.privateKey))
    await goTo(page, 'Training')
    const line = page.getByTestId(`trainer-${trent.wallet.wallet.address}`)
    await line.getByRole('button', { name: 'Approve for a year: Trent Models' }).click()
    await line.getByText('approved', { exact: true }).waitFor()
    await page.context().close()
    await trent.page.getByText(/You are approved until/).waitFor()
  }, 240_000)

  it('Trent finds it, sees what it costs, and pays', async () => {
    const { page } = trent
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Make a key and save it' }).click()
    await saving
    await goTo(page, 'Catalogue')
    await page.getByRole('searchbox').fill(title)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: title, exact: true }).click()
    await page.getByRole('link', { name: 'Ask for this dataset' }).click()
    await page.getByRole('radio', { name: 'Evaluation' }).check()
    await page.getByTestId('total').getByText('10 gUSD').waitFor()
    await page.getByRole('button', { name: 'Get the exact offer' }).click()
    await page.getByRole('button', { name: 'Sign and pay 10 gUSD' }).click()
    await page.getByRole('heading', { name: /^Request for/ }).waitFor()
  }, 240_000)

  it('Trent fetches the very file', async () => {
    const { page } = trent
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Fetch into this browser' }).click()
    await page.getByText('Everything is here.').waitFor()
    const download = await saving
    expect(download.suggestedFilename()).toBe(`${title}.csv`)
    expect(sha256(readFileSync(await download.path()))).toBe(sha256(FILE))
  }, 240_000)

  it('Alice sees who used it and claims her part without gas', async () => {
    const { page } = alice
    await goTo(page, 'Rewards')
    await page.getByRole('button', { name: 'Claim to my wallet' }).click({ timeout: 90_000 })
    await page.getByText('8.5 gUSD are on their way to your wallet.').waitFor()
    await page.getByText('Trent Models').first().waitFor()
    expect(await world.contract('token').getFunction('balanceOf')(alice.wallet.wallet.address)).toBe(
      parseEther('8.5'),
    )
    await trent.page.getByTestId('invoice-used').getByText('10 gUSD', { exact: true }).waitFor()
  }, 240_000)
})
