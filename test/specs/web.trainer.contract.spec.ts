import type { Hex } from '@granary/protocol'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { parseEther, type Wallet } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { contributeBytes, makeTrainer, newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { saved } from '../support/training.js'
import { newCourier, newSharedWallet, type SharedWallet } from '../support/wallets.js'
import { goTo, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World } from '../support/world.js'

// A contract wallet asks and pays in the pages: it signs no permit, so it approves the payment by a transaction first.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let lab: SharedWallet
let injected: InjectedWallet
let pool: number

const button = (name: string) => page.getByRole('button', { name })
const offer = () => page.getByRole('region', { name: 'The exact offer' })
const review = () => page.getByTestId('signing-review')
const proceed = () =>
  page.getByRole('alertdialog').getByRole('button', { name: 'Continue in your wallet' }).click()

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool({ price: parseEther('3') })
  const alice = await newContributor(world)
  const terms = { pool, purposes: ['evaluation'] as never, expires: null, name: 'Steps.csv' }
  await contributeBytes(alice, new TextEncoder().encode('day,steps\n1,2\n'), terms)
  const owners = [await newContributor(world, 'Lena'), await newContributor(world, 'Lars')]
  lab = await newSharedWallet(
    world,
    await newCourier(world),
    owners.map(({ wallet }) => wallet),
    { name: 'the lab' },
  )
  await makeTrainer(world, lab)

  page = await openPage(browser, { reviews: 'shown', acceptDownloads: true })
  // Its owners sign, and somebody sends, behind the wallet's window: the page sees an account that does both.
  const wallet = {
    ...lab.wallet,
    connect: () => ({
      sendTransaction: async ({ to, data }: { to: string; data: string }) => ({
        hash: await lab.execute(to, data),
      }),
    }),
  }
  injected = await injectWallet(page, { wallet: wallet as unknown as Wallet, rpc: world.rpc })
  await signIn(page, world.api, injected)
  await goTo(page, 'Training')
  const downloading = page.waitForEvent('download')
  await button('Make a key and save it').click()
  await saved(downloading)
}, 240_000)

afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

const allowance = () =>
  world.contract('token').getFunction('allowance')(lab.address, world.deployment.accessRequests)

it('says no to the transaction, and nothing has happened', async () => {
  await page.goto(`${world.api}/training/new?pool=${pool}&purposes=evaluation`)
  await button('Get the exact offer').click()
  await offer().getByText('1 dataset for 3 gUSD').waitFor()
  await button('Sign and pay 3 gUSD').click()
  await offer().getByText('Your wallet has to approve the payment first').waitFor()
  await expectLegible(page, 'trainer-contract-wallet')
  injected.rejects = (method) => method === 'eth_sendTransaction'
  await button('Approve 3 gUSD').click()
  await review().waitFor()
  await proceed()
  await offer().getByText('You told your wallet not to send it').waitFor()
  injected.rejects = false
  expect(await allowance()).toBe(0n)
}, 240_000)

it('reads what it allows to whom, allows it, signs the request, and has paid', async () => {
  const before = injected.asked.length
  await button('Approve 3 gUSD').click()
  await review().getByText('3 gUSD').first().waitFor()
  expect(await review().locator('[data-fact=spender]').first().textContent()).toContain(
    world.deployment.accessRequests,
  )
  await proceed()
  await page.getByRole('alertdialog', { name: 'Request datasets and pay' }).waitFor()
  expect(await allowance()).toBe(parseEther('3'))
  await proceed()
  await page.getByRole('heading', { name: /^Request for/ }).waitFor()
  expect(injected.asked.slice(before)).toEqual(['eth_sendTransaction', 'eth_signTypedData_v4'])
  const request = new URL(page.url()).pathname.split('/')[2] as Hex
  expect(await lab.client.requests.get(request)).toMatchObject({
    trainer: lab.address,
    escrowed: String(parseEther('3')),
  })
  expect(await allowance()).toBe(0n)
}, 240_000)
