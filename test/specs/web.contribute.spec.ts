import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatasetResource, Hex, MetadataDocument } from '@granary/protocol'
import { fileKeyFromIdentity, open, parseIdentityFile } from '@granary/sealing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { memorySink, newTrainer } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { spentOf } from '../support/releases.js'
import {
  fillForm,
  goTo,
  type InjectedWallet,
  injectWallet,
  openPage,
  signIn,
  spooled,
} from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

let world: World
let browser: Browser
let pool: number
const diary = Buffer.from('day,hours\nmonday,7.5\ntuesday,6\n')

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool()
})
afterAll(async () => {
  await browser?.close()
  world?.close()
})

async function datasetsOf(owner: string): Promise<DatasetResource[]> {
  const page = (await (await fetch(`${world.api}/v1/datasets?owner=${owner}`)).json()) as {
    items: DatasetResource[]
  }
  return page.items
}

describe('the web page, with a wallet that is announced by EIP-6963', () => {
  let page: Page & { faults: string[] }
  let alice: InjectedWallet
  let dataset: DatasetResource
  let recovery: string

  beforeAll(async () => {
    page = await openPage(browser, { acceptDownloads: true })
    alice = await injectWallet(page)
  })
  afterAll(() => page?.context().close())

  describe('given that its person says no', () => {
    it('says that nothing was signed, when connecting and when signing in', async () => {
      alice.rejects = true
      await page.goto(world.api)
      await page.getByRole('button', { name: alice.name, exact: true }).click()
      await page.getByText('Nothing was signed').waitFor()
      alice.rejects = false
      await page.getByRole('button', { name: alice.name, exact: true }).click()
      await page.getByRole('region', { name: 'The text to sign' }).waitFor()
      alice.rejects = true
      await page.getByRole('button', { name: /^Sign in with/ }).click()
      await page.getByText('Nothing was signed').waitFor()
    })

    it('registers nothing, and keeps the sealed file', async () => {
      alice.rejects = false
      await page.getByRole('button', { name: /^Sign in with/ }).click()
      await page.getByRole('heading', { name: 'Your granary' }).waitFor()
      await fillForm(page, {
        files: [{ name: 'sleep_diary-SECRET.csv', mimeType: 'text/csv', buffer: diary }],
        pool,
        purposes: ['fine-tuning', 'commercial'],
      })
      await page.getByLabel('Title of sleep_diary-SECRET.csv').fill('Sleep diary')
      alice.rejects = true
      await page.getByRole('button', { name: 'Seal and contribute' }).click()
      await page.getByRole('alert').getByText('You told your wallet not to sign').waitFor()
      expect(await datasetsOf(alice.wallet.address)).toEqual([])
      await page.getByText('The sealed file is kept in this browser.').waitFor()
      expect(await spooled(page)).toHaveLength(1)
    })
  })

  it('shows the text to sign in with before it is signed, as the API made it', () => {
    expect(alice.asked).toContain('personal_sign')
    expect(alice.shown).toContain('wants you to sign in with your Ethereum account')
  })

  it('registers it when it is tried again', async () => {
    alice.rejects = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Your dataset is registered' }).waitFor()
    const [only] = await datasetsOf(alice.wallet.address)
    dataset = only!
    const signed = JSON.parse(alice.shown)
    expect(signed.primaryType).toBe('Contribution')
    expect(signed.message.content).toBe(dataset.content)
    expect(dataset).toMatchObject({
      owner: alice.wallet.address,
      pool,
      purposes: ['fine-tuning', 'commercial'],
      status: 'active',
      metadata: {
        title: 'Sleep diary',
        mediaType: 'text/csv',
        size: diary.length,
      } satisfies Partial<MetadataDocument>,
    })
  })

  it('proposes an end in two years', () => {
    const years = (Date.parse(dataset.expires!) - Date.now()) / (365.25 * 86_400_000)
    expect(years).toBeGreaterThan(1.98)
    expect(years).toBeLessThan(2.02)
  })

  it('publishes neither the file name nor the content', async () => {
    expect(JSON.stringify(dataset)).not.toContain('SECRET')
    expect(signedText()).not.toContain('SECRET')
    const sealed = Buffer.from(
      await (await fetch(`${world.api}/v1/datasets/${dataset.id}/content`)).arrayBuffer(),
    )
    expect(sealed.includes('monday')).toBe(false)
  })

  it('leaves no sealed file behind in the browser', async () => {
    await waitFor('the spool to be empty', async () => (await spooled(page)).length === 0)
  })

  it('warns until the recovery file is saved, and that file opens the dataset', async () => {
    await page.getByText('Save your recovery file').waitFor()
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save recovery file' }).first().click()
    recovery = readFileSync(await (await downloading).path(), 'utf8')
    await page.getByText('Save your recovery file').waitFor({ state: 'detached' })
    await page.reload()
    await page.getByText(/^Saved on /).waitFor()
    await page.getByText('Save your recovery file').first().waitFor({ state: 'detached' })

    const answer = await fetch(`${world.api}/v1/datasets/${dataset.id}/content`)
    const opened = open({
      source: answer.body as ReadableStream<Uint8Array>,
      fileKey: (_, header) => fileKeyFromIdentity(header, parseIdentityFile(recovery)),
    })
    expect(Buffer.from(await new Response(opened).arrayBuffer())).toEqual(diary)
  })

  it('shows what a use earned, and claims it', async () => {
    const trent = await newTrainer(world)
    const { request } = await trent.client.requests.open({
      pool,
      purposes: ['fine-tuning'],
      recipient: trent.recipient,
    })
    const sink = memorySink()
    const fetched = await trent.client.fetch(request, { identity: trent.identity, sink })
    expect(fetched.failed).toEqual([])
    expect(Buffer.from(sink.files.get(dataset.id as Hex)!)).toEqual(diary)
    await waitFor('the settlement', async () => {
      await trent.client.settle()
      return (await spentOf(world, request)) > 0n
    })
    await goTo(page, 'My data')
    await page.getByTestId(dataset.id).getByText('earned, 1 use').waitFor()
    await page.getByTestId(dataset.id).getByText('0.85 gUSD').waitFor()
    await goTo(page, 'Rewards')
    await page.getByTestId('claimable').getByText('0.85 gUSD').waitFor()
    await page.getByRole('button', { name: 'Claim to my wallet' }).click()
    await page.getByTestId('claimed').getByText('0.85 gUSD').waitFor()
    expect(await world.contract('token').getFunction('balanceOf')(alice.wallet.address)).toBe(
      850_000_000_000_000_000n,
    )
  }, 240_000)

  it('withdraws after a question that promises no more than is true', async () => {
    await goTo(page, 'My data')
    await page.getByRole('button', { name: 'Withdraw Sleep diary' }).click()
    const question = page.getByRole('alertdialog')
    await question.getByText('It cannot take back what a trainer already has.').waitFor()
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'detached' })
    expect((await datasetsOf(alice.wallet.address))[0]!.withdrawn).toBe(false)

    await page.getByRole('button', { name: 'Withdraw Sleep diary' }).click()
    alice.rejects = true
    await question.getByRole('button', { name: 'Withdraw for good' }).click()
    await question.getByText('nothing has changed').waitFor()
    alice.rejects = false
    await question.getByRole('button', { name: 'Withdraw for good' }).click()
    await page.getByText('is withdrawn. No key of it is released any more.').waitFor()
    expect(JSON.parse(alice.shown).primaryType).toBe('Withdrawal')
    expect((await datasetsOf(alice.wallet.address))[0]!.status).toBe('withdrawn')
  })

  it('had nothing to complain about on its console', () => expect(page.faults).toEqual([]))

  const signedText = () => alice.shown
})

describe('the web page, when a contribution is cancelled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'granary-web-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('registers nothing and keeps nothing', async () => {
    const file = join(folder, 'long.bin')
    writeFileSync(file, Buffer.alloc(8 * 1024 * 1024, 7))
    const page = await openPage(browser)
    const anna = await injectWallet(page)
    await signIn(page, world.api, anna)
    // However quick the machine, it is not through before somebody can cancel it.
    await page.route('**/v1/uploads/*', (route) =>
      route.request().method() === 'PATCH' ? undefined : route.continue(),
    )
    await fillForm(page, {
      files: [file],
      pool,
      purposes: ['evaluation'],
    })
    await page.getByRole('button', { name: 'Seal and contribute' }).click()
    await page
      .locator('li')
      .getByText(/^Uploading the sealed file/)
      .waitFor()
    expect(await spooled(page)).toHaveLength(1)
    await page.getByRole('button', { name: 'Cancel long' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel it' }).click()
    await page.locator('li').getByText('Cancelled. Nothing was registered.').waitFor()
    await waitFor('the spool to be empty', async () => (await spooled(page)).length === 0)
    expect(await datasetsOf(anna.wallet.address)).toEqual([])
    expect(anna.asked).not.toContain('eth_signTypedData_v4')
    await page.context().close()
  })
})

describe('the web page, with a wallet on another network', () => {
  it('asks to change it before anything is signed', async () => {
    const page = await openPage(browser)
    const anna = await injectWallet(page, { chainId: 1 })
    await page.goto(world.api)
    await page.getByRole('button', { name: anna.name, exact: true }).click()
    await page.getByText('Your wallet is on another network').waitFor()
    await page.getByRole('button', { name: 'Change network' }).click()
    await page.getByText('Your wallet is on another network').waitFor({ state: 'detached' })
    expect(anna.asked).not.toContain('personal_sign')
    await page.getByRole('button', { name: /^Sign in with/ }).click()
    await page.getByRole('heading', { name: 'Your granary' }).waitFor()
    await page.context().close()
  })
})

describe('the web page, when the wallet changes to another account', () => {
  it('asks that account to sign in, and shows nothing of the one before', async () => {
    const page = await openPage(browser)
    const anna = await injectWallet(page)
    await signIn(page, world.api, anna)
    const other = new Wallet(Wallet.createRandom().privateKey)
    await anna.changeAccount(other)
    await page.getByRole('region', { name: 'The text to sign' }).getByText(other.address).waitFor()
    await page.getByRole('button', { name: /^Sign in with/ }).click()
    await page.getByRole('heading', { name: 'Your granary' }).waitFor()
    await page.getByTitle(other.address).waitFor()
    expect(page.faults).toEqual([])
    await page.context().close()
  })
})
