import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { findings, overflow, WCAG } from '../support/accessibility.js'
import { type Actor, contributeBytes, newContributor, newTrainer } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { fillForm, goTo, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World } from '../support/world.js'

let world: World
let browser: Browser
let tess: Actor

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  tess = await newTrainer(world, { name: 'Tess' })
}, 240_000)
afterAll(async () => {
  await browser?.close()
  world?.close()
})

/** What each page has once it is there. */
const THERE = {
  'My data': 'Open to requests',
  Inbox: 'Tess asks for “rye”',
  Rewards: 'Ready to claim',
  Members: 'The DAO',
} as const

describe.each([
  ['wide and light', 1280, 'light'],
  ['wide and dark', 1280, 'dark'],
  ['narrow and light', 390, 'light'],
  ['narrow and dark', 390, 'dark'],
  ['at its narrowest', 360, 'light'],
] as const)('the web page, %s', (_, width, colorScheme) => {
  it('has nothing that axe-core finds wrong, signed out and in, with form and question open', async () => {
    const pool = await world.createPool()
    const page = await openPage(browser, { viewport: { width, height: 844 }, colorScheme })
    const anna = await newContributor(world, 'Anna')
    const injected = await injectWallet(page, { wallet: anna.wallet, rpc: world.rpc })
    await page.goto(world.api)
    await page.getByRole('heading', { name: 'Connect a wallet' }).waitFor()
    expect(await findings(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await page.getByRole('button', { name: injected.name, exact: true }).click()
    await page.getByRole('region', { name: 'The text to sign' }).waitFor()
    expect(await findings(page)).toEqual([])

    await contributeBytes(anna, Buffer.from('rye'), {
      pool,
      purposes: ['evaluation'],
      expires: null,
      ask: true,
      name: 'rye',
    })
    await tess.client.requests.open({ pool, purposes: ['evaluation'], recipient: tess.recipient })
    await page.getByRole('button', { name: /^Sign in with/ }).click()
    await fillForm(page, {
      files: [
        {
          name: 'barley_with_a_rather_long_name_that_has_to_be_broken_somewhere.csv',
          mimeType: 'text/csv',
          buffer: Buffer.from('b'),
        },
      ],
      pool,
      purposes: ['evaluation'],
    })
    expect(await findings(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await page.getByRole('button', { name: 'Seal and contribute' }).click()
    await page.getByRole('heading', { name: 'Your dataset is registered' }).waitFor()
    expect(await findings(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    for (const name of ['My data', 'Inbox', 'Rewards', 'Members'] as const) {
      await goTo(page, name)
      await page.getByText(THERE[name]).locator('visible=true').first().waitFor()
      expect(await findings(page)).toEqual([])
      expect(await overflow(page)).toBe(0)
    }
    const questions = [
      ['My data', 'Withdraw rye', 'alertdialog', 'It cannot take back what a trainer already has.'],
      ['My data', 'Change consent of rye', 'dialog', 'Nothing is changed yet.'],
      ['My data', 'Open rye', 'dialog', 'Open and save'],
      ['Inbox', 'See the request of Tess for rye', 'dialog', 'Yes, release it'],
    ] as const
    for (const [where, name, role, text] of questions) {
      await goTo(page, where)
      await page.getByRole('button', { name, exact: true }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole(role).getByText(text).waitFor()
      expect(await findings(page, WCAG)).toEqual([])
      expect(await overflow(page)).toBe(0)
      await page.keyboard.press('Escape')
      // The focus returns to where it came from.
      await page.waitForFunction(
        (label) => document.activeElement?.getAttribute('aria-label') === label,
        name,
      )
    }
    expect(page.faults).toEqual([])
    await page.context().close()
  }, 240_000)
})

describe('the web page, by keyboard', () => {
  it('reaches the file picker, the purposes and the last button in order', async () => {
    const pool = await world.createPool()
    const page = await openPage(browser)
    const injected = await injectWallet(page)
    // As in browsers that have no window of their own for pages to open: tests can answer the other one.
    await page.addInitScript(() => {
      delete (window as { showOpenFilePicker?: unknown }).showOpenFilePicker
    })
    // Early: the browser takes a moment to hand its file choosers over.
    const choosing = page.waitForEvent('filechooser', { timeout: 170_000 })
    await signIn(page, world.api, injected)
    await page.getByRole('button', { name: 'Choose files' }).focus()
    await page.keyboard.press('Enter')
    await (await choosing).setFiles([
      { name: 'oats.txt', mimeType: 'text/plain', buffer: Buffer.from('oats') },
    ])
    await page.locator(`input[name=pool][value="${pool}"]`).focus()
    await page.keyboard.press('Space')
    const seen: string[] = []
    for (let step = 0; step < 30 && seen.at(-1) !== 'submit'; step += 1) {
      await page.keyboard.press('Tab')
      seen.push(
        await page.evaluate(() => {
          const at = document.activeElement as HTMLInputElement
          if (at.tagName === 'SUMMARY') return at.textContent ?? ''
          return at.type === 'submit' ? 'submit' : at.type === 'text' ? 'title' : at.name
        }),
      )
    }
    expect(seen).toEqual([
      ...['evaluation', 'fine-tuning', 'pretraining', 'retrieval', 'synthetic-data'],
      ...[
        'commercial',
        'publish-weights',
        'keep-derived',
        'expiry',
        'ask',
        'title',
        'Add a description',
        'submit',
      ],
    ])
    await page.context().close()
  })
})
