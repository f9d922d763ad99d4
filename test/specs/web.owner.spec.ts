import { readFileSync } from 'node:fs'
import type { DatasetResource, Hex } from '@granary/protocol'
import { parseIdentityFile } from '@granary/sealing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import type { Browser, Download, Page } from 'playwright-core'
import { type Actor, contributeBytes, memorySink, newContributor, newTrainer } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { spentOf } from '../support/releases.js'
import { fillForm, goTo, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// What an owner does in the web page after contributing: change consent, answer requests, see what earned what, get data
// back. Alice's wallet announces itself and really signs.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let alice: InjectedWallet
let pool: number

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool({ price: parseEther('2') })
  page = await openPage(browser, { acceptDownloads: true })
  alice = await injectWallet(page, { rpc: world.rpc })
  await signIn(page, world.api, alice)
}, 240_000)
afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

async function owned(): Promise<Map<string, DatasetResource>> {
  const answer = await fetch(`${world.api}/v1/datasets?owner=${alice.wallet.address}&limit=200`)
  const { items } = (await answer.json()) as { items: DatasetResource[] }
  return new Map(items.map((dataset) => [dataset.metadata!.title, dataset]))
}

const signed = () => JSON.parse(alice.shown) as { primaryType: string; message: Record<string, unknown> }

/** What was saved, and under which name. */
async function saved(downloading: Promise<Download>) {
  const download = await downloading
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
}

/** The same person in a browser of its own. */
async function anotherBrowser() {
  const other = await openPage(browser, { acceptDownloads: true })
  const wallet = await injectWallet(other, { wallet: alice.wallet, rpc: world.rpc })
  await signIn(other, world.api, wallet)
  return { other, wallet }
}

describe('many files at once', () => {
  const files = ['ask me', 'plain', 'open me', 'said no'].map((name) => ({
    name: `${name}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from(`the text of ${name}`),
  }))

  it('become one dataset each; a no to one of them stops none of the others', async () => {
    await fillForm(page, { files, pool, purposes: ['evaluation'] })
    let signatures = 0
    alice.rejects = (method) => method === 'eth_signTypedData_v4' && ++signatures === 4
    await page.getByRole('button', { name: 'Seal and contribute 4 files' }).click()
    await page.getByRole('heading', { name: 'Not everything went through' }).waitFor()
    alice.rejects = false
    expect((await owned()).size).toBe(3)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Your 4 datasets are registered' }).waitFor()
    expect([...(await owned()).keys()].sort()).toEqual(['ask me', 'open me', 'plain', 'said no'])
  }, 240_000)

  it('can be registered so that each request asks', async () => {
    await page.getByRole('button', { name: 'Contribute more' }).click()
    await page
      .getByTestId('files')
      .setInputFiles([{ name: 'letters.txt', mimeType: 'text/plain', buffer: Buffer.from('dear') }])
    await page.getByRole('radio', { name: /^I do, each time/ }).check()
    await page.getByRole('button', { name: 'Seal and contribute' }).click()
    await page.getByRole('heading', { name: 'Your dataset is registered' }).waitFor()
    expect((await owned()).get('letters')).toMatchObject({ ask: true, purposes: ['evaluation'] })
    await goTo(page, 'Inbox')
    await page.getByText('Nobody is asking for your datasets right now').waitFor()
  }, 240_000)
})

describe('a change of consent', () => {
  it('is not signed before something changes, nor when the wallet says no', async () => {
    const before = (await owned()).get('ask me')
    await goTo(page, 'My data')
    await page.getByRole('button', { name: 'Change consent of ask me' }).click()
    const form = page.getByRole('dialog')
    await form.getByText('Nothing is changed yet.').waitFor()
    const asked = alice.asked.length
    await form.getByRole('button', { name: 'Sign the change' }).click()
    expect(alice.asked.length).toBe(asked)
    await form.getByRole('checkbox', { name: /^Testing a model/ }).uncheck()
    await form.getByText('Tick at least one thing that you allow.').waitFor()
    await form.getByRole('checkbox', { name: /^Looking things up/ }).check()
    alice.rejects = true
    await form.getByRole('button', { name: 'Sign the change' }).click()
    await form.getByText('nothing has changed').waitFor()
    alice.rejects = false
    expect((await owned()).get('ask me')).toEqual(before)
  })

  it('says what it comes to, and counts once it is on chain', async () => {
    const form = page.getByRole('dialog')
    await form.getByRole('radio', { name: 'Until I withdraw' }).check()
    await form.getByRole('radio', { name: /^I do, each time/ }).check()
    const summary = form.getByRole('region', { name: 'What changes' })
    expect(await summary.getByRole('listitem').allInnerTexts()).toEqual([
      'Now allowed, too: looking up.',
      'No longer allowed: testing.',
      'Lasts until you withdraw.',
      'From now on each request waits for your yes.',
    ])
    await form.getByRole('button', { name: 'Sign the change' }).click()
    await page.getByText('The consent of “ask me” is changed, on chain.').waitFor()
    expect(signed().primaryType).toBe('ConsentUpdate')
    expect((await owned()).get('ask me')).toMatchObject({
      purposes: ['retrieval'],
      expires: null,
      ask: true,
    })
  }, 240_000)
})

describe('the inbox of an owner in ask mode', () => {
  let trent: Actor
  let request: Hex
  let ids: { letters: string; plain: string }

  beforeAll(async () => {
    trent = await newTrainer(world, { name: 'Trent Models' })
    const mine = await owned()
    ids = { letters: mine.get('letters')!.id, plain: mine.get('plain')!.id }
    ;({ request } = await trent.client.requests.open({
      pool,
      purposes: ['evaluation'],
      recipient: trent.recipient,
    }))
  }, 240_000)

  it('shows who asks for what', async () => {
    await goTo(page, 'Inbox')
    await page.getByText('One request waits for your answer.').waitFor()
    const line = page.getByTestId(`asks-${ids.letters}`)
    await line.getByRole('heading', { name: 'Trent Models asks for “letters”' }).waitFor()
    await page.getByTestId(`asks-${ids.plain}`).first().waitFor({ state: 'detached' })
  })

  it('offers nothing to sign while the chain cannot be read', async () => {
    alice.rpc = null
    await page.getByRole('button', { name: /^See the request of Trent Models for letters/ }).click()
    const question = page.getByRole('dialog')
    await question.getByText('The request cannot be read from the chain').waitFor()
    expect(await question.getByRole('button').allInnerTexts()).toEqual(['Decide later'])
    await question.getByRole('button', { name: 'Decide later' }).click()
    alice.rpc = world.rpc
  }, 240_000)

  it('shows the request as it stands on chain, whatever the server says of it', async () => {
    await page.route('**/v1/approvals*', async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      for (const { request: told } of body.items) {
        told.trainer = alice.wallet.address
        told.price = '9000000000000000000'
        told.purposes = ['pretraining']
      }
      await route.fulfill({ response: answer, json: body })
    })
    await page.getByTestId(`asks-${ids.letters}`).getByText('building').waitFor()
    await page.getByTestId(`asks-${ids.letters}`).getByRole('button').click()
    const question = page.getByRole('dialog')
    await question.getByText(trent.address).waitFor()
    await question.getByText('calls itself “Trent Models”, approved as a trainer').waitFor()
    await question.getByText('Testing a model').waitFor()
    await question.getByText('2 gUSD for this dataset').waitFor()
    await question.getByText('4 datasets of pool').waitFor()
    await question.getByText('Building a new model').first().waitFor({ state: 'detached' })
    await question.getByText('9 gUSD').first().waitFor({ state: 'detached' })
    await page.unroute('**/v1/approvals*')
  }, 240_000)

  it('takes a yes, after which the dataset is released', async () => {
    await page.getByRole('dialog').getByRole('button', { name: 'Yes, release it' }).click()
    await page.getByText('You said yes: the key of “letters” can be released').waitFor()
    expect(signed()).toMatchObject({
      primaryType: 'Approval',
      message: { request, dataset: ids.letters, granted: true },
    })
    const sink = memorySink()
    const fetched = await trent.client.fetch(request, { identity: trent.identity, sink })
    expect(fetched.failed).toEqual([])
    expect(Buffer.from(sink.files.get(ids.letters as Hex)!).toString()).toBe('dear')
  }, 240_000)

  it('says that a no is final before it is signed, and takes it', async () => {
    await page.getByTestId(`asks-${ids.letters}`).getByText('You said yes').waitFor()
    await page.getByTestId(`asks-${ids.letters}`).getByRole('button').click()
    const question = page.getByRole('dialog')
    await question.getByRole('button', { name: 'Turn my yes into a no' }).click()
    await question.getByText('A no is final').waitFor()
    await question.getByRole('button', { name: 'Say no for good' }).click()
    await page.getByText('You said no, for good: this request never gets “letters”.').waitFor()
    expect(signed().message).toMatchObject({ granted: false })
    const line = page.getByTestId(`asks-${ids.letters}`)
    await line.getByText('You said no, for good').waitFor()
    await line.getByRole('button').first().waitFor({ state: 'detached' })
  }, 240_000)

  it('is followed by earnings that say where each amount came from', async () => {
    await waitFor('the settlement', async () => {
      await trent.client.settle()
      return (await spentOf(world, request)) > 0n
    })
    await goTo(page, 'Rewards')
    const row = page.getByTestId(`earned-${ids.plain}`)
    await row.getByText('Trent Models').waitFor()
    await row.getByText('testing').waitFor()
    await row.getByText(/Settlement \d+/).waitFor()
    await row.getByTitle(request).waitFor()
    await row.getByText('1.7 gUSD').waitFor()
  }, 240_000)
})

describe('getting one’s own data back', () => {
  let recovery: string

  it('works by the key in this browser', async () => {
    await goTo(page, 'My data')
    await page.getByRole('button', { name: 'Open open me' }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('dialog').getByRole('button', { name: 'Open and save' }).click()
    expect(await saved(downloading)).toEqual({ name: 'open me.txt', text: 'the text of open me' })
    await page.getByText('Opened and saved as “open me.txt”.').waitFor()
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save recovery file' }).first().click()
    recovery = (await saved(saving)).text
  })

  it('works in another browser after loading the recovery file, which any other file is not', async () => {
    const { other } = await anotherBrowser()
    await goTo(other, 'My data')
    await other.getByRole('button', { name: 'Open open me' }).click()
    const question = other.getByRole('dialog')
    await question.getByRole('button', { name: 'Open and save' }).click()
    await question.getByText('This browser does not have the key it was sealed with').waitFor()
    const field = question.getByTestId('recovery-file')
    await field.setInputFiles([{ name: 'x.txt', mimeType: 'text/plain', buffer: Buffer.from('wheat') }])
    await question.getByText('It is not a recovery file').waitFor()
    const downloading = other.waitForEvent('download')
    await field.setInputFiles([{ name: 'r.txt', mimeType: 'text/plain', buffer: Buffer.from(recovery) }])
    expect((await saved(downloading)).text).toBe('the text of open me')
    expect(other.faults).toEqual([])
    await other.context().close()
  }, 240_000)

  it('adds the file’s identity to that of a browser which has its own', async () => {
    const { other } = await anotherBrowser()
    await fillForm(other, {
      files: [{ name: 'elsewhere.txt', mimeType: 'text/plain', buffer: Buffer.from('sealed elsewhere') }],
      pool,
      purposes: ['evaluation'],
    })
    await other.getByRole('button', { name: 'Seal and contribute' }).click()
    await other.getByRole('heading', { name: 'Your dataset is registered' }).waitFor()
    await other
      .getByTestId('recovery-file')
      .setInputFiles([{ name: 'r.txt', mimeType: 'text/plain', buffer: Buffer.from(recovery) }])
    await other.getByText('What was sealed with it can now be opened in this browser, too.').waitFor()
    await goTo(other, 'My data')
    for (const [title, text] of [
      ['open me', 'the text of open me'],
      ['elsewhere', 'sealed elsewhere'],
    ]) {
      await other.getByRole('button', { name: `Open ${title}` }).click()
      const downloading = other.waitForEvent('download')
      await other.getByRole('dialog').getByRole('button', { name: 'Open and save' }).click()
      expect((await saved(downloading)).text).toBe(text)
      await other.getByText(`Opened and saved as “${title}.txt”.`).waitFor()
    }
    await goTo(other, 'Contribute')
    const saving = other.waitForEvent('download')
    await other.getByRole('button', { name: 'Save recovery file' }).first().click()
    const both = parseIdentityFile((await saved(saving)).text)
    expect(both).toHaveLength(2)
    expect(both).toContain(parseIdentityFile(recovery)[0])
    expect(other.faults).toEqual([])
    await other.context().close()
  }, 240_000)

  it('works by the custodians when every copy of the key is lost, also for a withdrawn dataset', async () => {
    await page.getByRole('button', { name: 'Withdraw said no' }).click()
    await page.getByRole('button', { name: 'Withdraw for good' }).click()
    await page.getByText('“said no” is withdrawn.').waitFor()
    const { other, wallet } = await anotherBrowser()
    await goTo(other, 'My data')
    await other.getByRole('button', { name: 'Open said no' }).click()
    const question = other.getByRole('dialog')
    await question.getByRole('button', { name: 'Open and save' }).click()
    wallet.rejects = true
    await question.getByRole('button', { name: 'Have the custodians open it' }).click()
    await question.getByText('so nothing was opened').waitFor()
    wallet.rejects = false
    const downloading = other.waitForEvent('download')
    await question.getByRole('button', { name: 'Have the custodians open it' }).click()
    expect((await saved(downloading)).text).toBe('the text of said no')
    const shown = JSON.parse(wallet.shown)
    expect(shown).toMatchObject({
      primaryType: 'OwnerRelease',
      message: { owner: alice.wallet.address.toLowerCase() },
    })
    expect(other.faults).toEqual([])
    await other.context().close()
  }, 240_000)

  it('writes a large file straight to the place its person chose, and leaves no copy', async () => {
    const anna = await newContributor(world, 'Anna')
    const large = Buffer.alloc(64_500_000, 'oats and rye ')
    await contributeBytes(anna, large, { pool, purposes: ['evaluation'], expires: null, name: 'harvest' })
    const other = await openPage(browser)
    const wallet = await injectWallet(other, { wallet: anna.wallet, rpc: world.rpc })
    // No person picks a place here: a file of the page's own stands for it.
    await other.addInitScript(() => {
      const picker = async ({ suggestedName }: { suggestedName: string }) =>
        (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true })
      Object.assign(window, { showSaveFilePicker: picker })
    })
    await signIn(other, world.api, wallet)
    await other
      .getByTestId('recovery-file')
      .setInputFiles([{ name: 'r.txt', mimeType: 'text/plain', buffer: Buffer.from(anna.identity) }])
    await other.getByText('can now be opened in this browser').waitFor()
    await goTo(other, 'My data')
    await other.getByRole('button', { name: 'Open harvest' }).click()
    await other.getByRole('button', { name: 'Open and save' }).click()
    await other.getByText('Opened and saved as “harvest”.').waitFor()
    const digest = await other.evaluate(async () => {
      const file = await (await navigator.storage.getDirectory()).getFileHandle('harvest')
      const hash = await crypto.subtle.digest('SHA-256', await (await file.getFile()).arrayBuffer())
      return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    })
    const { createHash } = await import('node:crypto')
    expect(digest).toBe(createHash('sha256').update(large).digest('hex'))
    expect(other.faults).toEqual([])
    await other.context().close()
  }, 240_000)
})
