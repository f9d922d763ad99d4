import { readFileSync } from 'node:fs'
import { DEVELOPMENT_ACCOUNTS, type Hex } from '@granary/protocol'
import { createClient, type Granary } from '@granary/sdk'
import { parseIdentityFile } from '@granary/sealing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther, Wallet } from 'ethers'
import type { Browser, Download, Page } from 'playwright-core'
import { type Actor, contributeBytes, newContributor, sha256 } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import {
  goTo,
  holdDownload,
  holdLock,
  type InjectedWallet,
  injectWallet,
  openPage,
  signIn,
} from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// Everything a trainer does, in the pages: apply, see what it costs, pay, fetch, save, account for it, get back what was
// not used. A member of the council answers in a browser of its own.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let council: Page & { faults: string[] }
let trent: InjectedWallet
let client: Granary
let alice: Actor
let pool: number
let request: Hex
const ids: Record<string, Hex> = {}
const sent: string[] = []

const LARGE = new Uint8Array(24_000_000).map((_, place) => (place * 31) % 251)
const bytes = (text: string) => new TextEncoder().encode(text)
const button = (name: string | RegExp) => page.getByRole('button', { name })

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool({ price: parseEther('2') })
  alice = await newContributor(world)
  const terms = { pool, purposes: ['evaluation', 'commercial'] as never, expires: null, type: 'text/csv' }
  ids.steps = (await contributeBytes(alice, bytes('day,steps\n1,2\n'), { ...terms, name: 'Steps.csv' })).id
  ids.large = (await contributeBytes(alice, LARGE, { ...terms, name: 'Large.csv' })).id
  ids.letters = (await contributeBytes(alice, bytes('dear'), { ...terms, name: 'Letters.csv', ask: true })).id
  ids.retrieval = (
    await contributeBytes(alice, bytes('x'), {
      ...terms,
      purposes: ['retrieval'] as never,
      name: 'Other.csv',
    })
  ).id

  page = await openPage(browser, { acceptDownloads: true })
  page.on('request', (one) => sent.push(`${one.url()} ${one.postData() ?? ''}`))
  await page.addInitScript(() => {
    // A folder that needs no window of the system's, and has a file already.
    const picker = async () => {
      const root = await navigator.storage.getDirectory()
      const folder = await root.getDirectoryHandle('chosen', { create: true })
      const file = await folder.getFileHandle('Steps.csv', { create: true })
      const target = await file.createWritable()
      await target.write('old')
      await target.close()
      return folder
    }
    ;(window as unknown as { showDirectoryPicker: unknown }).showDirectoryPicker = picker
  })
  trent = await injectWallet(page, { rpc: world.rpc })
  client = createClient({
    api: world.api,
    rpc: world.rpc,
    signer: trent.wallet.connect(world.provider),
  })
  await signIn(page, world.api, trent)
}, 240_000)

afterAll(async () => {
  expect(page?.faults).toEqual([])
  expect(council?.faults ?? []).toEqual([])
  await browser?.close()
  world?.close()
})

async function saved(downloading: Promise<Download>) {
  const download = await downloading
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) }
}

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
    council = await openPage(browser)
    const account = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'council')!
    const wallet = await injectWallet(council, { wallet: new Wallet(account.privateKey), rpc: world.rpc })
    await signIn(council, world.api, wallet)
    await goTo(council, 'Training')
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
    request = new URL(page.url()).pathname.split('/')[2] as Hex
    expect(await client.requests.get(request)).toMatchObject({
      count: 3,
      purposes: ['evaluation', 'commercial'],
      escrowed: String(parseEther('6')),
    })
  }, 240_000)
})

/** Where files are opened: away from the page. */
const OPENS = /\/assets\/fetch\.worker-[\w-]+\.js$/

describe('fetching', () => {
  const line = (name: string) => page.getByTestId(`fetch-${ids[name]}`)

  it('releases nothing when the wallet says no', async () => {
    await line('letters').getByText('its owner has not answered yet').waitFor()
    trent.rejects = (method) => method === 'eth_signTypedData_v4'
    await button('Fetch into this browser').click()
    await page.getByText('Nothing was released and nothing charged').waitFor()
    trent.rejects = false
  }, 240_000)

  it('is done by one tab at a time', async () => {
    const free = await holdLock(page, `granary-fetch/${request}`)
    await button('Fetch into this browser').click()
    await page.getByText('Another tab is fetching this request').waitFor()
    await free()
  }, 240_000)

  it('goes on after a reload in the middle, without what came before', async () => {
    const letGo = await holdDownload(page, `**/v1/datasets/${ids.large}/content`, 14_000_000)
    await button('Fetch into this browser').click()
    await line('large')
      .getByText(/^([5-8]\d) %$/)
      .waitFor()
    // Two of the three are enough, whichever answer first.
    await page
      .getByTestId(/^custodian-/)
      .filter({ hasText: 'checked 2' })
      .nth(1)
      .waitFor()
    await page.reload()
    await letGo()
    await button('Fetch into this browser').waitFor()
    const asked = page.waitForRequest((one) => one.url().endsWith(`${ids.large}/content`))
    const opening = page.waitForEvent('worker', { predicate: (worker) => OPENS.test(worker.url()) })
    await button('Fetch into this browser').click()
    await opening
    expect((await asked).headers().range).toMatch(/^bytes=[1-9]\d{6,}-$/)
    await line('large').getByText('in this browser').waitFor()
    await line('steps').getByText('in this browser').waitFor()
    await page.getByText('One dataset did not come').waitFor()
    await page.getByText('Its owner has not answered yet.').first().waitFor()
    await expectLegible(page, 'trainer-fetching')
  }, 240_000)

  it('gives the files as they were, also after another reload', async () => {
    await page.reload()
    const downloading = page.waitForEvent('download')
    await button('Save Large').click()
    const { name, content } = await saved(downloading)
    expect([name, sha256(content)]).toEqual(['Large.csv', sha256(LARGE)])
  }, 240_000)

  it('goes straight into a folder where the browser has them', async () => {
    await alice.client.requests.approve(request, ids.letters!, true)
    await button('Fetch into a folder…').click()
    await page.getByText('Everything is here.').waitFor()
    await line('letters').getByText('saved in your folder').waitFor()
    const files = await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory()
      const folder = (await root.getDirectoryHandle('chosen')) as unknown as {
        values(): AsyncIterable<FileSystemFileHandle>
      }
      const found: Record<string, number> = {}
      for await (const file of folder.values()) found[file.name] = (await file.getFile()).size
      return found
    })
    // What the browser had already is moved; what the folder had is not overwritten.
    expect(files).toEqual({
      'Steps.csv': 3,
      'Steps (2).csv': 14,
      'Large.csv': LARGE.length,
      'Letters.csv': 4,
    })
  }, 240_000)

  it('gives the same command to copy, quoted for a shell', async () => {
    const command = await page.getByTestId('command').textContent()
    expect(command).toMatch(
      new RegExp(
        `^GRANARY_API=http://\\S+ granary fetch ${request} --out \\S+ --identity granary-training-key-`,
      ),
    )
  })

  it('never sends the key', () => {
    expect(sent.some((one) => /AGE-SECRET-KEY/i.test(one))).toBe(false)
  })

  it('forgets the copies when told to', async () => {
    await button('Forget what was fetched').click()
    await line('large').getByText('waiting').waitFor()
    const left = () =>
      page.evaluate(async () => {
        const root = await navigator.storage.getDirectory()
        const folder = (await root.getDirectoryHandle('granary-fetched')) as unknown as {
          keys(): AsyncIterable<string>
        }
        const names: string[] = []
        for await (const name of folder.keys()) names.push(name)
        return names
      })
    await waitFor('the copies to be gone', async () => (await left()).length === 0)
  })
})

describe('what changes in the middle', () => {
  it('a withdrawal stops one dataset and says so', async () => {
    await alice.client.datasets.withdraw(ids.steps!)
    await button('Fetch into this browser').click()
    await page
      .getByText(
        /^Its owner has withdrawn\. Unless it was released to you before, you are not charged for it/,
      )
      .first()
      .waitFor()
    await page.getByTestId(`fetch-${ids.letters}`).getByText('in this browser').waitFor()
  }, 240_000)

  it('a suspension stops everything and says whom to ask', async () => {
    const line = council.getByTestId(`trainer-${trent.wallet.address}`)
    await line.getByRole('button', { name: 'Suspend Trent Models' }).click()
    await line.getByText('suspended', { exact: true }).waitFor()
    await button('Forget what was fetched').click()
    await button('Fetch into this browser').click()
    await page.getByText('The council has suspended you. Ask the council').waitFor()
    await goTo(page, 'Training')
    await page.getByText('You are suspended').waitFor()
    await expectLegible(page, 'trainer-suspended')
    await line.getByRole('button', { name: 'Lift the suspension of Trent Models' }).click()
    await page.getByText(/You are approved until/).waitFor()
  }, 240_000)
})

describe('the account of it', () => {
  it('is an invoice: what was used, for whom, by which settlement; as CSV and JSON, and to print', async () => {
    await page.getByTestId(`request-${request}`).getByRole('link').click()
    await waitFor('the settlement', async () => {
      await client.settle()
      return BigInt((await client.requests.get(request)).spent) === parseEther('6')
    })
    await page.getByTestId('invoice-used').getByText('6 gUSD', { exact: true }).waitFor()
    await page.getByTestId(`use-${ids.large}`).waitFor()
    const asJson = page.waitForEvent('download')
    await button('JSON').click()
    const invoice = JSON.parse((await saved(asJson)).content.toString())
    expect(invoice).toMatchObject({ request, paid: String(parseEther('6')), used: String(parseEther('6')) })
    expect(BigInt(invoice.toOwners) + BigInt(invoice.toCustodiansAndTreasury)).toBe(parseEther('6'))
    const asCsv = page.waitForEvent('download')
    await button('CSV').click()
    const rows = (await saved(asCsv)).content.toString().trimEnd().split('\r\n')
    expect(rows).toHaveLength(4)
    await expectLegible(page, 'trainer-invoice')
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('nav').isVisible()).toBe(false)
    expect(await page.getByRole('heading', { name: 'Get the data' }).isVisible()).toBe(false)
    expect(await page.getByRole('heading', { name: 'Invoice' }).isVisible()).toBe(true)
    await page.emulateMedia({ media: 'screen' })
  }, 240_000)

  it('gives back what was not used, once the time is over', async () => {
    const recipient = await page.evaluate(async () => {
      const open = indexedDB.open('granary-training', 1)
      await new Promise((done) => {
        open.onsuccess = done
      })
      const all = open.result.transaction('keys').objectStore('keys').getAll()
      await new Promise((done) => {
        all.onsuccess = done
      })
      return (all.result as { recipient: string }[])[0]!.recipient
    })
    const expires = new Date(Date.now() + 15_000)
    const opened = await client.requests.open({ pool, purposes: ['evaluation'], recipient, expires })
    await page.goto(`${world.api}/training/${opened.request}`)
    await page.getByText('Expired: nothing is released any more').waitFor()
    await page.getByText('Nothing can be fetched any more').waitFor()
    await waitFor('the final settlement', async () => {
      await client.settle()
      return (await client.requests.get(opened.request)).status === 'final'
    })
    await button('Get 4 gUSD back').click()
    await page.getByText('4 gUSD came back to you.').waitFor()
    await goTo(page, 'Training')
    const downloading = page.waitForEvent('download')
    await button('Download as CSV').click()
    expect((await saved(downloading)).content.toString().trimEnd().split('\r\n')).toHaveLength(3)
    await expectLegible(page, 'trainer-refunded')
  }, 240_000)

  it('shows others no more than the chain does', async () => {
    const other = await openPage(browser)
    await signIn(other, world.api, await injectWallet(other, { rpc: world.rpc }))
    await other.goto(`${world.api}/training/${request}`)
    await other.getByText('This request was opened by another account').waitFor()
    await other
      .getByRole('button', { name: /^Fetch/ })
      .first()
      .waitFor({ state: 'detached' })
    await other.goto(`${world.api}/training/0x${'0'.repeat(64)}`)
    await other.getByRole('heading', { name: 'There is no such request' }).waitFor()
    expect(other.faults).toEqual([])
    await other.context().close()
  }, 240_000)
})
