import type { Hex } from '@granary/protocol'
import { createClient } from '@granary/sdk'
import { parseIdentityFile } from '@granary/sealing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { contributeBytes, newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { openCouncil, saved } from '../support/training.js'
import { goTo, holdLock, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World } from '../support/world.js'

// How somebody becomes a trainer and asks, in the pages: apply, see what it costs, make a key, pay. A member of the
// council answers in a browser of its own. What comes of it: web.trainer.fetch.spec.ts.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let council: Page & { faults: string[] }
let trent: InjectedWallet
let pool: number

const bytes = (text: string) => new TextEncoder().encode(text)
const button = (name: string | RegExp) => page.getByRole('button', { name })

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool({ price: parseEther('2') })
  const alice = await newContributor(world)
  const terms = { pool, purposes: ['evaluation', 'commercial'] as never, expires: null, type: 'text/csv' }
  await contributeBytes(alice, bytes('day,steps\n1,2\n'), { ...terms, name: 'Steps.csv' })
  await contributeBytes(alice, bytes('day,beats\n1,60\n'), { ...terms, name: 'Beats.csv' })
  await contributeBytes(alice, bytes('dear'), { ...terms, name: 'Letters.csv', ask: true })
  const other = { ...terms, purposes: ['retrieval'] as never, name: 'Other.csv' }
  await contributeBytes(alice, bytes('x'), other)

  page = await openPage(browser, { acceptDownloads: true })
  trent = await injectWallet(page, { rpc: world.rpc })
  await signIn(page, world.api, trent)
}, 240_000)

afterAll(async () => {
  expect(page?.faults).toEqual([])
  expect(council?.faults ?? []).toEqual([])
  await browser?.close()
  world?.close()
})

describe('somebody who was not approved', () => {
  it('sees what things cost, and why nothing can be asked for yet', async () => {
    await goTo(page, 'Training')
    await page.getByText('You have not applied yet').waitFor()
    await page.getByText('You have not asked for anything yet').waitFor()
    await page.goto(`${world.api}/training/new?pool=${pool}&purposes=evaluation`)
    await page.getByTestId('total').getByText('6 gUSD').waitFor()
    await page.getByText('ask once the council has approved you').waitFor()
    await page.getByText('6 gUSD are missing').waitFor()
    expect(await button('Get the exact offer').isDisabled()).toBe(true)
  })

  it('applies with a name and a signature, not without', async () => {
    await goTo(page, 'Training')
    await button('Sign and apply').click()
    await page.getByText('Give a name of at least one letter.').waitFor()
    await page.getByLabel('Name').fill('Trent Models')
    await page.getByLabel('Website').fill('javascript:alert(1)')
    await button('Sign and apply').click()
    await page.getByText('That is no web address.').waitFor()
    await page.getByLabel('Website').fill('https://trent.example')
    await page.getByLabel('Who you are and what you train').fill('We test step counters.')
    await expectLegible(page, 'trainer-applied')
    trent.rejects = (method) => method === 'eth_signTypedData_v4'
    await button('Sign and apply').click()
    await page.getByText('so nothing was sent').waitFor()
    trent.rejects = false
    await button('Sign and apply').click()
    await page.getByText('Your application is waiting').waitFor()
    expect(JSON.parse(trent.shown).primaryType).toBe('TrainerApplication')
  }, 240_000)

  it('is approved by a member of the council, in the pages', async () => {
    const opened = await openCouncil(browser, world)
    const { wallet } = opened
    council = opened.council
    const line = council.getByTestId(`trainer-${trent.wallet.address}`)
    await line.getByText('We test step counters.').waitFor()
    wallet.rejects = (method) => method === 'eth_sendTransaction'
    await line.getByRole('button', { name: 'Approve for a year: Trent Models' }).click()
    await council.getByText('so nothing has changed').waitFor()
    wallet.rejects = false
    await line.getByRole('button', { name: 'Approve for a year: Trent Models' }).click()
    await line.getByText('approved', { exact: true }).waitFor()
    await expectLegible(council, 'trainer-decided')
    await page.getByText(/You are approved until/).waitFor()
    await page.getByRole('heading', { name: 'For the council' }).first().waitFor({ state: 'detached' })
  }, 240_000)
})

describe('a training key', () => {
  let file: Buffer

  it('is made in the page and saved as a file', async () => {
    const downloading = page.waitForEvent('download')
    await button('Make a key and save it').click()
    const { name, content } = await saved(downloading)
    file = content
    expect(name).toMatch(/^granary-training-key-\w{6}\.txt$/)
    expect(parseIdentityFile(content.toString())).toHaveLength(1)
    await page.getByTestId('recipient').getByText(/^age1/).waitFor()
  })

  it('is loaded from a file, and from nothing that is none', async () => {
    const field = page.getByTestId('key-file')
    await field.setInputFiles([{ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') }])
    await page.getByText('It is no key file').waitFor()
    await field.setInputFiles([{ name: 'key.txt', mimeType: 'text/plain', buffer: file }])
    await page.getByText('This browser has it already.').waitFor()
  })
})

describe('asking', () => {
  const offer = () => page.getByRole('region', { name: 'The exact offer' })

  it('begins in the catalogue and says all that it costs', async () => {
    await page.goto(`${world.api}/catalogue/pools/${pool}`)
    await page.getByRole('heading', { name: '4 datasets' }).waitFor()
    await page.getByRole('checkbox', { name: /^Evaluation/ }).check()
    await page.getByRole('heading', { name: '3 datasets' }).waitFor()
    await page.getByTestId('catalogue-cost').getByText('6 gUSD').waitFor()
    await page.getByRole('link', { name: 'Ask for these' }).click()
    await page.getByRole('heading', { name: 'Ask for data' }).waitFor()
    expect(await page.getByRole('radio', { name: 'Evaluation' }).isChecked()).toBe(true)
    await page.getByRole('checkbox', { name: 'Commercial use' }).check()
    const cost = page.getByRole('region', { name: 'What it costs' })
    for (const fact of ['6 gUSD', '2 gUSD', 'none: Granary pays them', 'Whoever says no is not charged'])
      await cost.getByText(fact).first().waitFor()
    await expectLegible(page, 'trainer-asking')
  }, 240_000)

  it('ends with words where the money is missing, and where the wallet says no', async () => {
    await button('Get the exact offer').click()
    await offer().getByText('3 datasets for 6 gUSD').waitFor()
    await button('Sign and pay 6 gUSD').click()
    await offer().getByText('Your account has less of the token').waitFor()
    await world.mint(trent.wallet.address, parseEther('100'))
    trent.rejects = (method) => method === 'eth_signTypedData_v4'
    await button('Sign and pay 6 gUSD').click()
    await offer().getByText('Nothing was paid.').waitFor()
    trent.rejects = false
    await expectLegible(page, 'trainer-short-of-money')
  }, 240_000)

  it('is refused while another tab pays', async () => {
    const free = await holdLock(page, `granary-order/${trent.wallet.address.toLowerCase()}`)
    await button('Sign and pay 6 gUSD').click()
    await offer().getByText('Another tab is paying').waitFor()
    await free()
  })

  it('is paid by signatures alone', async () => {
    const before = trent.asked.length
    await button('Sign and pay 6 gUSD').click()
    await page.getByRole('heading', { name: /^Request for/ }).waitFor()
    expect(trent.asked.slice(before)).toEqual(['eth_signTypedData_v4', 'eth_signTypedData_v4'])
    const request = new URL(page.url()).pathname.split('/')[2] as Hex
    const client = createClient({
      api: world.api,
      rpc: world.rpc,
      signer: trent.wallet.connect(world.provider),
    })
    expect(await client.requests.get(request)).toMatchObject({
      count: 3,
      purposes: ['evaluation', 'commercial'],
      escrowed: String(parseEther('6')),
    })
  }, 240_000)
})
