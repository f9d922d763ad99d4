import type { Hex } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { WCAG } from '../support/accessibility.js'
import { type Actor, newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { earn, makeMembers } from '../support/members.js'
import { goTo, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { duringVote } from '../support/web-votes.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// Joining and voting in the web page. Alice's wallet announces itself and really signs; Anna proposes by SDK.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let wallet: InjectedWallet
let alice: Actor
let anna: Actor
let pool: number

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  alice = await newContributor(world, 'Alice')
  anna = await newContributor(world, 'Anna')
  pool = await world.createPool({ price: parseEther('1') })
  await makeMembers(world, [anna], parseEther('2'))
  await earn(world, [alice], parseEther('2'))
  page = await openPage(browser, { viewport: { width: 1280, height: 900 } })
  wallet = await injectWallet(page, { wallet: alice.wallet, rpc: world.rpc })
  await signIn(page, world.api, wallet)
  await goTo(page, 'Members')
}, 240_000)
afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

const signed = () => JSON.parse(wallet.shown) as { primaryType: string; message: Record<string, unknown> }
const button = (name: string | RegExp) => page.getByRole('button', { name })

describe('Join the DAO', () => {
  it('says what is signed before the wallet asks, and takes no for an answer', async () => {
    const dao = page.getByRole('region', { name: 'The DAO' })
    await dao.getByText('You sign that you take 1.7 GRAIN as votes').waitFor()
    await expectLegible(page, 'governance-join', WCAG)
    wallet.rejects = (method) => method === 'eth_signTypedData_v4'
    await button('Join the DAO').click()
    await dao.getByText('so nothing was taken').waitFor()
    wallet.rejects = false
    expect((await alice.client.governance.member(alice.address)).grain).toBe('0')
  }, 240_000)

  it('mints what was earned', async () => {
    await button('Join the DAO').click()
    await page.getByText('You took 1.7 GRAIN as votes.').waitFor()
    const { primaryType, message } = signed()
    expect([primaryType, String(message.account).toLowerCase()]).toEqual([
      'Join',
      alice.address.toLowerCase(),
    ])
    await page.getByTestId('votes').getByText('1.7 GRAIN').waitFor()
    await button('Join the DAO').first().waitFor({ state: 'detached' })
  }, 240_000)
})

describe('Proposals', () => {
  let id: Hex
  /** What it would set the price to, in gUSD. */
  let price = 3
  const does = () => `Set the price of pool ${pool} to ${price} gUSD per use`
  const see = () => button(`See the proposal: ${does()}`)

  it('shows that there are none, and that they cannot be shown', async () => {
    await page.route('**/v1/proposals?*', (route) => route.fulfill({ json: { items: [], next: null } }))
    await page.reload()
    await page.getByText('Nothing is proposed right now.').waitFor()
    await page.unroute('**/v1/proposals?*')
    await page.route('**/v1/proposals?*', (route) =>
      route.fulfill({ status: 500, json: { code: 'INTERNAL' } }),
    )
    await page.reload()
    await page.getByText('Proposals cannot be shown right now').waitFor()
    await page.unroute('**/v1/proposals?*')
    await page.reload()
    await page.getByRole('heading', { name: 'Members' }).waitFor()
  }, 240_000)

  it('says what a proposal does, whatever its text says, and votes by keyboard', async () => {
    const propose = async (before: number) => {
      if (before > 0) await page.reload()
      // Each by a name of its own in the list.
      price = 3 + before
      const draft = {
        calls: [{ action: 'pool-price', arguments: { pool, price: parseEther(String(price)) } }],
        description: 'Make everything free',
      }
      return (await anna.client.governance.create(draft)).id
    }
    id = await duringVote(anna, propose, async (proposed) => {
      await see().waitFor()
      await waitFor('the vote', async () => (await anna.client.governance.get(proposed)).state !== 'pending')
      await see().focus()
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog')
      await dialog.getByText(does()).waitFor()
      await dialog.getByText('Make everything free').waitFor()
      await button('Vote for it').focus()
      await page.keyboard.press('Enter')
      await dialog.getByText('You are about to sign a vote for it').waitFor()
      await dialog.getByText('It counts 1.7 GRAIN').waitFor()
      await button('Sign and vote').click()
      await page.getByText('Your vote is counted.').waitFor()
    })
    expect(signed()).toMatchObject({
      primaryType: 'Ballot',
      message: { proposalId: BigInt(id).toString() },
    })
    const { voters } = await anna.client.governance.get(id)
    expect(voters).toMatchObject([{ voter: alice.address, choice: 'for' }])
  }, 480_000)

  it('is easy to read, wide and narrow, and takes no for an answer', async () => {
    // As it was while the vote was under way, for as long as it takes to look at.
    const detail = { ...(await anna.client.governance.get(id)), state: 'active', voters: [] }
    await page.route(`**/v1/proposals/${id}`, (route) => route.fulfill({ json: detail }))
    await see().click()
    await button('Vote against it').waitFor()
    await expectLegible(page, 'governance-vote', WCAG)
    await button('Vote against it').click()
    await page.getByText('You are about to sign a vote against it').waitFor()
    await expectLegible(page, 'governance-vote-words', WCAG)
    wallet.rejects = (method) => method === 'eth_signTypedData_v4'
    await button('Sign and vote').click()
    await page.getByText('so you have not voted').waitFor()
    wallet.rejects = false
    await page.keyboard.press('Escape')
    await page.unroute(`**/v1/proposals/${id}`)
  }, 240_000)

  it('offers only what would work', async () => {
    // While the vote goes on: after it there is something to do again.
    const detail = { ...(await anna.client.governance.get(id)), state: 'active' }
    await page.route(`**/v1/proposals/${id}`, (route) => route.fulfill({ json: detail }))
    await see().click()
    await page.getByText('You voted for it.').waitFor()
    for (const name of ['Vote for it', 'Vote against it', 'Abstain', 'Queue it', 'Carry it out'])
      await button(name).first().waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.unroute(`**/v1/proposals/${id}`)
    const stranger = await openPage(browser)
    await signIn(stranger, world.api, await injectWallet(stranger, { rpc: world.rpc }))
    await goTo(stranger, 'Members')
    await stranger.getByText('claim a reward first, then join').waitFor()
    await stranger
      .getByRole('button', { name: /^See the proposal: Set the price of pool/ })
      .first()
      .click()
    await stranger
      .getByRole('dialog')
      .getByText(/You had no votes|Not passed|Passed|Done/)
      .first()
      .waitFor()
    await stranger.getByRole('button', { name: 'Vote for it' }).first().waitFor({ state: 'detached' })
    expect(stranger.faults).toEqual([])
    await stranger.context().close()
  }, 240_000)

  it('queues and carries out what passed, without a signature', async () => {
    const asked = wallet.asked.length
    await page.getByTestId(`proposal-${id}`).getByText('Passed, not queued yet').waitFor()
    await see().click()
    await button('Queue it').click()
    await page.getByText('It is queued and happens after its delay.').waitFor()
    await see().click()
    await button('Carry it out').click()
    await page.getByText('It is done.').waitFor()
    await page.getByTestId(`proposal-${id}`).getByText('Done').waitFor()
    expect(wallet.asked.length).toBe(asked)
    const now = await world.contract('datasetRegistry').getFunction('pool')(pool)
    expect(now.price).toBe(parseEther(String(price)))
    await expectLegible(page, 'governance-proposal-done', WCAG)
  }, 240_000)
})
