import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { WCAG } from '../support/accessibility.js'
import { type Actor, newTrainer } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { goTo, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World } from '../support/world.js'

// What the council sends as transactions of its own is read in plain words first, as all that is signed, with its cost.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let cora: InjectedWallet
let tina: Actor

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  tina = await newTrainer(world, { name: 'Tina Models', approved: false })
  page = await openPage(browser, { reviews: 'shown' })
  const account = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'council')!
  cora = await injectWallet(page, { wallet: new Wallet(account.privateKey), rpc: world.rpc })
  await signIn(page, world.api, cora)
  await goTo(page, 'Training')
}, 240_000)
afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

const dialog = () => page.getByRole('alertdialog')
const fact = (name: string) => dialog().locator(`[data-fact=${name}]`).first()
const line = () => page.getByTestId(`trainer-${tina.address}`)
const approve = () => line().getByRole('button', { name: 'Approve for a year: Tina Models' })
const sent = () => cora.asked.filter((method) => method === 'eth_sendTransaction').length

describe('an approval by the council', () => {
  it('says whom, until when, what it cannot do and what it costs, and is legible everywhere', async () => {
    await approve().click()
    await dialog().getByRole('heading', { name: 'Approve a trainer' }).waitFor()
    expect(await fact('trainer').textContent()).toContain(tina.address)
    expect(await fact('until').textContent()).toContain(String(new Date().getFullYear() + 1))
    expect(await dialog().getByRole('heading', { name: 'This transaction cannot' }).isVisible()).toBe(true)
    expect(await dialog().getByText('move money or tokens of yours').isVisible()).toBe(true)
    expect(await page.getByTestId('signing-cost').textContent()).toMatch(/about 0\.\d+ ETH of network fee/)
    await expectLegible(page, 'transaction', WCAG)
  }, 240_000)

  it('never reaches the wallet when its reader says no', async () => {
    await dialog().getByRole('button', { name: 'Do not send' }).click()
    await page.getByText('so nothing has changed').waitFor()
    expect(sent()).toBe(0)
  }, 240_000)

  it('is sent once its reader says yes', async () => {
    await approve().click()
    await dialog().getByRole('button', { name: 'Continue in your wallet' }).click()
    await line().getByText('approved', { exact: true }).waitFor()
    expect(sent()).toBe(1)
  }, 240_000)
})

it('a suspension and its end are told apart', async () => {
  await line()
    .getByRole('button', { name: /^Suspend/ })
    .click()
  await dialog().getByRole('heading', { name: 'Suspend a trainer' }).waitFor()
  expect(await fact('suspended').textContent()).toBe('Yes')
  await dialog().getByRole('button', { name: 'Continue in your wallet' }).click()
  await line().getByRole('button', { name: /^Lift/ }).click()
  await dialog().getByRole('heading', { name: 'End a suspension' }).waitFor()
  expect(await fact('suspended').textContent()).toBe('No')
  await dialog().getByRole('button', { name: 'Continue in your wallet' }).click()
  await line().getByText('approved', { exact: true }).waitFor()
}, 240_000)
