import type { Hex } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { type Actor, contributeBytes, memorySink, newContributor, newTrainer } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { type Lie, REWARD_LIES, USE_LIES } from '../support/lying-api.js'
import { goTo, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// What an owner earned, in the web page: over time, down to each use, and verified by the page itself through the wallet,
// whatever the server says.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let alice: Actor
let wallet: InjectedWallet
let dataset: Hex

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  const pool = await world.createPool({ price: parseEther('2') })
  alice = await newContributor(world, 'Alice')
  const trent = await newTrainer(world, { name: 'Trent Models' })
  const terms = { pool, purposes: ['evaluation'], expires: null, ask: false, name: 'rye' } as const
  dataset = (await contributeBytes(alice, Buffer.from('rye'), terms)).id
  const { request } = await trent.client.requests.open({
    pool,
    purposes: ['evaluation'],
    recipient: trent.recipient,
  })
  await trent.client.fetch(request, { identity: trent.identity, sink: memorySink() })
  await waitFor('the rewards of Alice', async () => {
    await trent.client.settle()
    return BigInt((await alice.client.rewards.get(alice.address)).claimable) > 0n
  })
  page = await openPage(browser)
  wallet = await injectWallet(page, { wallet: alice.wallet, rpc: world.rpc })
  await signIn(page, world.api, wallet)
}, 240_000)
afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

/** What the server says at these addresses is a lie from now on; ends with the function that it answers. */
async function lieAt(path: RegExp, lie: Lie): Promise<() => Promise<void>> {
  const here = (url: URL) => path.test(url.pathname)
  await page.route(here, async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: lie(await answer.json()) })
  })
  return () => page.unroute(here)
}

/** The page, opened anew, with everything on it checked. */
async function checkAll(): Promise<void> {
  await page.reload()
  await page.getByRole('button', { name: 'Check against the chain' }).click()
}

const row = () => page.getByTestId(`earned-${dataset}`)

describe('the rewards page', () => {
  it('says where each amount came from, and draws it', async () => {
    await goTo(page, 'Rewards')
    await page.getByTestId('claimable').getByText('1.7 gUSD').waitFor()
    await row().getByText('Trent Models').waitFor()
    await row().getByText('testing').waitFor()
    const picture = page.getByRole('figure', { name: 'Earned over time' })
    await picture.getByRole('img').waitFor()
    await picture.getByText('As a table').click()
    await picture.getByRole('cell', { name: '1.7 gUSD' }).waitFor()
    await page.getByLabel('By', { exact: true }).selectOption('month')
    await picture.getByRole('cell', { name: '1.7 gUSD' }).waitFor()
  }, 240_000)

  it('says nothing of proofs before it is asked, and then exactly what it checked', async () => {
    await page.getByText('Verified by this page').first().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Check against the chain' }).click()
    const balance = page.getByTestId('balance-check')
    await balance.getByText('Verified by this page').click()
    await balance.getByText(/That root is the one of settlement \d+, which is in effect/).waitFor()
    await balance.getByText('The chain was read through your wallet.').waitFor()
    await row().getByText('Verified by this page').click()
    await row()
      .getByText(/2 custodians signed for the release, 2 are needed/)
      .waitFor()
    await row()
      .getByText(/The trainer’s signature under the request was found/)
      .waitFor()
  }, 240_000)

  it('is fine for axe, on a phone and on a wide screen, in both themes', async () => {
    await expectLegible(page, 'rewards')
  }, 240_000)
})

describe('a server that lies', () => {
  it.each(REWARD_LIES)(
    'is not believed a balance: $what',
    async ({ path, lie }) => {
      const end = await lieAt(path, lie)
      await checkAll()
      await page.getByTestId('balance-check').getByText('This does not hold').waitFor()
      await end()
    },
    240_000,
  )

  it.each([USE_LIES[0]!, USE_LIES[4]!])(
    'is not believed a use: $what',
    async ({ path, lie }) => {
      const end = await lieAt(path, lie)
      await checkAll()
      await row().getByText('This does not hold').waitFor()
      await row().getByText('Verified by this page').first().waitFor({ state: 'detached' })
      await end()
    },
    240_000,
  )
})

describe('a chain that cannot be read', () => {
  it('is said to be just that, and asked again', async () => {
    wallet.rpc = null
    await checkAll()
    const balance = page.getByTestId('balance-check')
    await balance.getByText('Could not be verified').waitFor()
    wallet.rpc = world.rpc
    // The wallet's provider repeats a refusal for a moment: whoever asks at once may hear it again.
    await waitFor('the balance to be verified', async () => {
      const again = balance.getByRole('button', { name: 'Check again' })
      if (await again.isVisible()) await again.click()
      return balance.getByText('Verified by this page').isVisible()
    })
  }, 240_000)
})
