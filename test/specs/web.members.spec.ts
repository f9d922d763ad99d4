import type { Hex } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { WCAG } from '../support/accessibility.js'
import { type Actor, newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { makeMembers } from '../support/members.js'
import { goTo, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { duringVote } from '../support/web-votes.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// Members propose, vote and delegate in the web page. Alice and Anna each have a browser of their own.

let world: World
let browser: Browser
let alice: Actor
let anna: Actor
let pool: number
type Opened = { page: Page & { faults: string[] }; wallet: InjectedWallet }
let hers: Opened
let theirs: Opened

async function open(by?: Actor): Promise<Opened> {
  const page = await openPage(browser, { viewport: { width: 1280, height: 900 } })
  const wallet = await injectWallet(page, { ...(by ? { wallet: by.wallet } : {}), rpc: world.rpc })
  await signIn(page, world.api, wallet)
  return { page, wallet }
}

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  alice = await newContributor(world, 'Alice')
  anna = await newContributor(world, 'Anna')
  pool = await world.createPool({ price: parseEther('2'), lowestPrice: parseEther('1') })
  await makeMembers(world, [alice, anna], parseEther('2'))
  hers = await open(alice)
  theirs = await open(anna)
}, 240_000)
afterAll(async () => {
  expect(hers?.page.faults).toEqual([])
  expect(theirs?.page.faults).toEqual([])
  await browser?.close()
  world?.close()
})

describe('a new proposal', () => {
  it('is refused in words, field by field, before anything is signed', async () => {
    const { page, wallet } = hers
    await goTo(page, 'Members')
    await page.getByRole('link', { name: 'Propose something' }).click()
    await page.getByRole('heading', { name: 'Propose something', level: 1 }).waitFor()
    const review = page.getByRole('button', { name: 'Look at it before you sign' })
    const asked = wallet.asked.length
    await review.click()
    await page.getByText('Something is missing or wrong above.').waitFor()
    await page.getByLabel('What to do').selectOption('pool-price')
    await page.getByLabel('Pool', { exact: true }).selectOption(String(pool))
    await page.getByLabel('Price per use, in gUSD').fill('0.5')
    await page.getByText('Below the pool’s lowest price').waitFor()
    await page.getByLabel('Price per use, in gUSD').fill('cheap')
    await page.getByText('Not an amount above 0').waitFor()
    await page.getByLabel('What to do').selectOption('fees')
    await page.getByLabel('To the treasury, in percent').fill('40')
    await page.getByLabel('To the custodians, in percent').fill('11')
    await page.getByText('Together at most 50 %').waitFor()
    await review.click()
    await page.getByRole('alertdialog').first().waitFor({ state: 'detached' })
    await expectLegible(page, 'draft-faults', WCAG)
    expect(wallet.asked.length).toBe(asked)
  }, 240_000)

  it('shows how it is now and how it would be, survives a reload, and takes no for an answer', async () => {
    const { page, wallet } = hers
    await page.getByLabel('What to do').selectOption('pool-price')
    await page.getByLabel('Pool', { exact: true }).selectOption(String(pool))
    await page.getByLabel('Price per use, in gUSD').fill('3.5')
    await page.getByLabel('Why').fill('Wheat got dearer')
    await page.reload()
    const changes = page.getByRole('region', { name: 'What changes' })
    await changes.getByText('2 gUSD').waitFor()
    await changes.getByText('3.5 gUSD', { exact: true }).waitFor()
    expect(await page.getByLabel('Why').inputValue()).toBe('Wheat got dearer')
    await page.getByRole('button', { name: 'Look at it before you sign' }).click()
    const question = page.getByRole('alertdialog')
    await question.getByText(`Set the price of pool ${pool} to 3.5 gUSD per use`).waitFor()
    wallet.rejects = (method) => method === 'eth_signTypedData_v4'
    await question.getByRole('button', { name: 'Sign and propose' }).click()
    await question.getByText('so nothing was proposed').waitFor()
    wallet.rejects = false
    await expectLegible(page, 'draft-question', WCAG)
  }, 240_000)
})

describe('two at once in two browsers', () => {
  let id: Hex

  it('proposes, and both vote', async () => {
    const { page } = hers
    await page.getByRole('button', { name: 'Sign and propose' }).click()
    await page.getByRole('heading', { name: 'A proposal', level: 1 }).waitFor()
    const first = page.url().split('/').at(-1) as Hex
    await page.getByText('Wheat got dearer').waitFor()
    const propose = async (before: number) => {
      if (before === 0) return first
      const calls = [{ action: 'pool-price', arguments: { pool, price: parseEther('3.5') } }]
      const description = `Wheat got dearer, said ${before + 1} times`
      const again = await alice.client.governance.create({ calls, description })
      await page.goto(`${world.api}/members/proposals/${again.id}`)
      return again.id
    }
    id = await duringVote(anna, propose, async (proposed) => {
      await theirs.page.goto(`${world.api}/members/proposals/${proposed}`)
      for (const { page: each } of [hers, theirs])
        await each.getByRole('button', { name: 'Vote for it' }).click()
      const both = await Promise.allSettled(
        [hers, theirs].map(async ({ page: each }) => {
          await each.getByRole('button', { name: 'Sign and vote' }).click()
          await each.getByText('Your vote is counted.').waitFor()
        }),
      )
      for (const each of both) if (each.status === 'rejected') throw each.reason
    })
    await page.getByText('For: 3.4 GRAIN · 100 %').waitFor()
    await theirs.page.getByText('For: 3.4 GRAIN · 100 %').waitFor()
    await page.getByText('You voted for it.').waitFor()
    await page.getByText(/3.4 GRAIN take part/).waitFor()
    expect((await anna.client.governance.get(id)).voters).toHaveLength(2)
  }, 480_000)

  it('shows its life with times, and after it is done only what is true then', async () => {
    const { page } = hers
    await page.getByRole('button', { name: 'Queue it' }).click()
    await page.getByText('It is queued and happens after its delay.').waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Carry it out' }).click()
    await page.getByText('It is done.').waitFor()
    const done = page.locator('li[aria-current="step"]')
    await done.getByText('Carried out').waitFor()
    // What was to change is no longer told beside what is in effect now.
    await page.locator('del').first().waitFor({ state: 'detached' })
    await expectLegible(page, 'proposal-done', WCAG)
    const { price } = await world.contract('datasetRegistry').getFunction('pool')(pool)
    expect(price).toBe(parseEther('3.5'))
  }, 240_000)

  it('says so when the vote ended while somebody was about to sign', async () => {
    const { page } = theirs
    const calls = [{ action: 'pool-price', arguments: { pool, price: parseEther('4') } }]
    const late = await alice.client.governance.create({ calls, description: 'x' })
    // The page believes that it still goes on, however slow its machine is.
    await page.route(`**/v1/proposals/${late.id}`, async (route) => {
      const answer = await route.fetch()
      const body = { ...(await answer.json()), state: 'active' }
      await route.fulfill({ response: answer, json: body })
    })
    await page.goto(`${world.api}/members/proposals/${late.id}`)
    await page.getByRole('button', { name: 'Vote against it' }).click()
    await waitFor('the end of the vote', async () => {
      return (await anna.client.governance.get(late.id)).state === 'defeated'
    })
    await page.getByRole('button', { name: 'Sign and vote' }).click()
    await page.getByText('That did not go through').waitFor()
    await page.getByText('The vote is over').waitFor()
    await page.unroute(`**/v1/proposals/${late.id}`)
    await page.getByText('It has not passed').waitFor()
    await page.getByRole('button', { name: 'Sign and vote' }).first().waitFor({ state: 'detached' })
  }, 240_000)
})

describe('somebody without votes', () => {
  it('may look and prepare, is told why no more, and on another chain nothing is signed', async () => {
    const { page, wallet } = await open()
    await goTo(page, 'Members')
    await page.getByText('claim a reward first, then join').waitFor()
    await page.getByRole('link', { name: 'Propose something' }).click()
    await page.getByText('you can prepare a proposal here, but not make it').waitFor()
    await page.getByLabel('What to do').selectOption('quorum')
    await page.getByLabel('Percent of all GRAIN').fill('5')
    await page.getByRole('region', { name: 'What changes' }).getByText('5 %', { exact: true }).waitFor()
    const review = page.getByRole('button', { name: 'Look at it before you sign' })
    expect(await review.getAttribute('aria-disabled')).toBe('true')
    await page.getByLabel('Percent of all GRAIN').press('Enter')
    await page.getByRole('alertdialog').first().waitFor({ state: 'detached' })
    await page.goto(`${world.api}/members/proposals/0x${'1'.repeat(64)}`)
    await page.getByText('There is no such proposal').waitFor()
    await page.goto(`${world.api}/members/proposals/nonsense`)
    await page.getByText('There is no such proposal').waitFor()
    expect(wallet.asked).toEqual(['eth_requestAccounts', 'personal_sign'])
    expect(page.faults).toEqual([])
    await page.context().close()
  }, 240_000)

  it('is told of a wrong network on every page', async () => {
    const { page, wallet } = await open(alice)
    wallet.chainId = 1
    await page.reload()
    await goTo(page, 'Members')
    await page
      .getByRole('button', { name: 'Change network' })
      .or(page.getByText(/another network/i))
      .first()
      .waitFor()
    expect(page.faults).toEqual([])
    await page.context().close()
  }, 240_000)
})

describe('delegation', () => {
  it('goes to an account that is one, is seen there, and comes back', async () => {
    const { page, wallet } = hers
    await goTo(page, 'Members')
    await page.getByText('You vote with your votes yourself.').waitFor()
    await page.getByRole('button', { name: 'Let somebody else vote' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Their account').fill('0x12')
    await dialog.getByRole('button', { name: 'Sign' }).click()
    await dialog.getByText('This is no account’s address.').waitFor()
    await dialog.getByLabel('Their account').fill(alice.address)
    await dialog.getByText('This is your own account.').waitFor()
    await dialog.getByLabel('Their account').fill(anna.address.toLowerCase())
    wallet.rejects = (method) => method === 'eth_signTypedData_v4'
    await dialog.getByRole('button', { name: 'Sign' }).click()
    await dialog.getByText('so nothing has changed').waitFor()
    wallet.rejects = false
    await dialog.getByRole('button', { name: 'Sign' }).click()
    await page.getByText(/votes with your votes, in votes that begin from now on/).waitFor()
    expect(JSON.parse(wallet.shown).primaryType).toBe('Delegation')
    await goTo(theirs.page, 'Members')
    await theirs.page.getByText('One member lets you vote with theirs:').waitFor()
    await theirs.page.getByTestId('votes').getByText('3.4 GRAIN').waitFor()
    await page.getByRole('button', { name: 'Take my votes back' }).click()
    await page.getByText('You vote with your votes yourself.').waitFor()
  }, 240_000)
})

describe('the treasury and the custodians', () => {
  it('are on the members’ page', async () => {
    const { page } = hers
    const treasury = page.getByRole('region', { name: 'The treasury' })
    await treasury
      .getByText(/Its part of the uses in settlement/)
      .first()
      .waitFor()
    await treasury.getByTestId('treasury-balance').waitFor()
    await page.getByText('3 of 3 are ready.').waitFor()
    await expectLegible(page, 'members', WCAG)
  }, 240_000)
})
