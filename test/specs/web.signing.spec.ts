import { readFileSync } from 'node:fs'
import { type DatasetResource, verifyConsentReceipt } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { WCAG } from '../support/accessibility.js'
import { newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { newCourier, newSharedWallet } from '../support/wallets.js'
import { fillForm, goTo, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// Before a wallet is asked the page says in plain words what is about to be signed, worked out from the message itself;
// whoever says no there never sees the wallet's window.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let alice: InjectedWallet
let pool: number

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool()
  page = await openPage(browser, { reviews: 'shown', acceptDownloads: true })
  alice = await injectWallet(page, { rpc: world.rpc })
  await signIn(page, world.api, alice)
}, 240_000)
afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`the text of ${name}`) })
const dialog = (at: Page = page) => at.getByRole('alertdialog')
const review = (at: Page = page) => at.getByTestId('signing-review')
const go = (at: Page = page) => dialog(at).getByRole('button', { name: 'Continue in your wallet' })
const stop = () => dialog().getByRole('button', { name: 'Do not sign' })
const typedDataAsked = () => alice.asked.filter((method) => method === 'eth_signTypedData_v4').length
const signed = () => JSON.parse(alice.shown) as { primaryType: string; message: Record<string, unknown> }

const isFocused = (what: ReturnType<typeof go>) => what.evaluate((node) => node === document.activeElement)

/** What the dialog says in all its details, by field. */
async function details(): Promise<Record<string, string | null>> {
  await review().getByText('Every field, to compare with the wallet').click()
  const facts = await review().locator('details [data-fact]').all()
  return Object.fromEntries(
    await Promise.all(
      facts.map(async (fact) => [await fact.getAttribute('data-fact'), await fact.textContent()] as const),
    ),
  )
}
async function owned(owner = alice.wallet.address): Promise<Map<string, DatasetResource>> {
  const answer = await fetch(`${world.api}/v1/datasets?owner=${owner}&limit=200`)
  const { items } = (await answer.json()) as { items: DatasetResource[] }
  return new Map(items.map((dataset) => [dataset.metadata!.title, dataset]))
}

describe('a contribution', () => {
  it('is not shown to the wallet when its person says no to its words', async () => {
    await fillForm(page, { files: [file('diary.txt')], pool, purposes: ['evaluation'] })
    await page.getByRole('button', { name: 'Seal and contribute' }).click()
    await dialog().getByRole('heading', { name: 'Contribute a sealed file' }).waitFor()
    expect(await review().getByText('allow any use that is not listed').isVisible()).toBe(true)
    await expectLegible(page, 'signing', WCAG)
    await stop().click()
    await page.getByRole('heading', { name: 'Not everything went through' }).waitFor()
    expect(typedDataAsked()).toBe(0)
  }, 240_000)

  it('is signed to the field as it was shown', async () => {
    await page.getByRole('button', { name: 'Try again' }).click()
    await go().waitFor()
    const said = await details()
    await go().click()
    await page.getByRole('heading', { name: 'Your dataset is registered' }).waitFor()
    const { primaryType, message } = signed()
    expect(primaryType).toBe('Contribution')
    expect(Object.keys(said).sort()).toEqual(Object.keys(message).sort())
    expect(said.owner).toContain(alice.wallet.address)
    expect([said.content, said.metadata]).toEqual([message.content, message.metadata])
    expect(said.purposes).toContain('testing')
    expect(Number(message.purposes)).toBe(4)
    expect(said.flags).toBe('No, consent holds for every request that fits')
    expect((await owned()).get('diary')?.purposes).toEqual(['evaluation'])
  }, 240_000)

  it('leaves a receipt that anybody can check', async () => {
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download the consent receipt of diary' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('diary.consent.jsonld')
    const verified = await verifyConsentReceipt(new Uint8Array(readFileSync(await download.path())))
    expect(verified).toMatchObject({ owner: alice.wallet.address, title: 'diary', purposes: ['evaluation'] })
  }, 240_000)

  it('of many files is read once, when its reader says so', async () => {
    await page.getByRole('button', { name: 'Contribute more' }).click()
    const files = ['one', 'two', 'three'].map((name) => file(`${name}.txt`))
    await fillForm(page, { files, pool, purposes: ['evaluation'] })
    const before = typedDataAsked()
    await page.getByRole('button', { name: 'Seal and contribute 3 files' }).click()
    await go().waitFor()
    await review()
      .getByRole('checkbox', { name: /^The same for the other 2/ })
      .check()
    await go().click()
    await page.getByRole('heading', { name: 'Your 3 datasets are registered' }).waitFor()
    expect(typedDataAsked() - before).toBe(3)
  }, 240_000)

  it('is asked again for files that come later', async () => {
    await page.getByRole('button', { name: 'Contribute more' }).click()
    await fillForm(page, { files: [file('four.txt')], pool, purposes: [] })
    await page.getByRole('button', { name: 'Seal and contribute' }).click()
    await go().waitFor()
    await review().getByRole('checkbox').first().waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Not everything went through' }).waitFor()
    expect((await owned()).has('four')).toBe(false)
  }, 240_000)
})

describe('a change of consent and a withdrawal', () => {
  beforeAll(async () => {
    await goTo(page, 'My data')
  })

  it('are told in their own words, and nothing happens when the wallet says no', async () => {
    await page.getByRole('button', { name: 'Change consent of one' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('checkbox', { name: /^Looking things up/ }).check()
    await form.getByRole('button', { name: 'Sign the change' }).click()
    await dialog().getByRole('heading', { name: 'Change a consent' }).waitFor()
    expect(await review().getByText('take back what a trainer already has').isVisible()).toBe(true)
    alice.rejects = true
    await go().click()
    await form.getByText('nothing has changed').waitFor()
    alice.rejects = false
    expect((await owned()).get('one')?.purposes).toEqual(['evaluation'])
  }, 240_000)

  it('can be answered by keyboard alone; the first key that comes by does nothing', async () => {
    const form = page.getByRole('dialog')
    await form.getByRole('button', { name: 'Sign the change' }).focus()
    await page.keyboard.press('Enter')
    await go().waitFor()
    const before = typedDataAsked()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Space')
    expect(await go().isVisible()).toBe(true)
    expect(typedDataAsked()).toBe(before)
    for (let presses = 0; presses < 6 && !(await isFocused(go())); presses++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('The consent of “one” is changed, on chain.').waitFor()
    expect(signed().primaryType).toBe('ConsentUpdate')
  }, 240_000)

  it('wait while the wallet is on another network', async () => {
    await page.getByRole('button', { name: 'Withdraw one' }).click()
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Withdraw/ })
      .click()
    const words = page.getByRole('alertdialog', { name: 'Withdraw a dataset for good' })
    await words.waitFor()
    alice.chainId = 1
    await page.evaluate(() => {
      const detail = { event: 'chainChanged', value: '0x1' }
      window.dispatchEvent(new CustomEvent('test:wallet', { detail }))
    })
    await words.getByText('Your wallet is on another network').waitFor()
    const before = typedDataAsked()
    await words.getByRole('button', { name: 'Continue in your wallet' }).click({ force: true })
    expect([await words.isVisible(), typedDataAsked()]).toEqual([true, before])
    await words.getByRole('button', { name: 'Change network' }).click()
    await words.getByText('Your wallet is on another network').waitFor({ state: 'detached' })
    await words.getByRole('button', { name: 'Continue in your wallet' }).click()
    await waitFor('the withdrawal', async () => (await owned()).get('one')?.withdrawn === true)
    expect(signed().primaryType).toBe('Withdrawal')
  }, 240_000)

  it('are off when the wallet changes its account meanwhile', async () => {
    await page.getByRole('button', { name: 'Withdraw two' }).click()
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Withdraw/ })
      .click()
    await page.getByRole('alertdialog', { name: 'Withdraw a dataset for good' }).waitFor()
    const [before, own] = [typedDataAsked(), alice.wallet]
    await alice.changeAccount(new Wallet(Wallet.createRandom().privateKey))
    await review().waitFor({ state: 'detached' })
    expect(typedDataAsked()).toBe(before)
    expect((await owned(own.address)).get('two')?.withdrawn).toBe(false)
  }, 240_000)
})

it('a contract wallet is told the same, and signs', async () => {
  const [anna, bert] = [await newContributor(world, 'Anna'), await newContributor(world, 'Bert')]
  const family = await newSharedWallet(world, await newCourier(world), [anna.wallet, bert.wallet])
  const other = await openPage(browser, { reviews: 'shown' })
  // Its two owners sign behind the wallet's window; the page sees an account and signatures.
  const injected = await injectWallet(other, { wallet: family.wallet as unknown as Wallet, rpc: world.rpc })
  await signIn(other, world.api, injected)
  await fillForm(other, { files: [file('recipes.txt')], pool, purposes: ['retrieval'] })
  await other.getByRole('button', { name: 'Seal and contribute' }).click()
  await go(other).waitFor()
  expect(await review(other).locator('[data-fact=owner]').first().textContent()).toContain(family.address)
  await go(other).click()
  await other.getByRole('heading', { name: 'Your dataset is registered' }).waitFor()
  expect((await owned(family.address)).get('recipes')?.purposes).toEqual(['retrieval'])
  expect(other.faults).toEqual([])
  await other.context().close()
}, 240_000)
