import type { Hex } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { WCAG } from '../support/accessibility.js'
import { contributeBytes, newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { call } from '../support/rest.js'
import { goTo, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// What an owner sees of how a file is kept, and how it is erased, in the web page.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let anna: InjectedWallet
const ids: Record<string, Hex> = {}

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  const pool = await world.createPool()
  const owner = await newContributor(world, 'Anna')
  for (const name of ['rye', 'oats']) {
    const terms = { pool, purposes: ['evaluation'], expires: null, ask: false, name } as const
    ids[name] = (await contributeBytes(owner, Buffer.from(name), terms)).id
  }
  page = await openPage(browser)
  anna = await injectWallet(page, { wallet: owner.wallet, rpc: world.rpc })
  await signIn(page, world.api, anna)
  await goTo(page, 'My data')
}, 240_000)
afterAll(async () => {
  await browser?.close()
  world?.close()
})

const line = (name: string) => page.getByTestId(ids[name] as string)
const erasure = async (name: string) =>
  (await call(world, 'GET', `/v1/datasets/${ids[name]}/storage`)).body.erasure?.state

describe('how a file is kept', () => {
  it('is one line, behind which places and history are', async () => {
    const summary = line('rye').locator('summary', { hasText: /cop(y|ies)|not checked yet/ })
    await summary.focus()
    await page.keyboard.press('Enter')
    await line('rye').getByRole('heading', { name: 'Where it lies' }).waitFor()
    await line('rye').getByText('The operator’s store').waitFor()
    await expectLegible(page, 'storage')
  }, 240_000)
})

describe('withdrawing', () => {
  it('erases nothing unless that is ticked', async () => {
    await page.getByRole('button', { name: 'Withdraw rye' }).click()
    expect(await page.getByRole('checkbox', { name: /erase the sealed file/ }).isChecked()).toBe(false)
    await page.getByRole('button', { name: 'Withdraw for good' }).click()
    await page.getByText('“rye” is withdrawn.').waitFor()
    expect(await erasure('rye')).toBeUndefined()
  }, 240_000)

  it('erases the sealed file, too, when it is', async () => {
    await page.getByRole('button', { name: 'Withdraw oats' }).click()
    await page.getByRole('checkbox', { name: /erase the sealed file/ }).check()
    await page.getByText('what a trainer already has, cannot be recalled.').first().waitFor()
    await expectLegible(page, 'withdraw-and-erase', WCAG)
    await page.getByRole('button', { name: 'Withdraw for good' }).click()
    await page.getByText('“oats” is withdrawn and being erased.').waitFor()
    await waitFor('oats erased', async () => (await erasure('oats')) === 'erased')
    await line('oats')
      .getByText(/^Erased on/)
      .waitFor()
    await expectLegible(page, 'erased')
  }, 240_000)
})

describe('erasing what was withdrawn before', () => {
  it('asks first, and changes nothing when it is left', async () => {
    await page.getByRole('button', { name: 'Erase rye' }).click()
    const question = page.getByRole('alertdialog')
    await question.getByText('This cannot be undone').waitFor()
    await expectLegible(page, 'erase', WCAG)
    await question.getByRole('button', { name: 'Leave it there' }).click()
    await question.waitFor({ state: 'hidden' })
    expect(await erasure('rye')).toBeUndefined()
  }, 240_000)

  it('says when it is gone, and offers it no more', async () => {
    await page.getByRole('button', { name: 'Erase rye' }).click()
    await page.getByRole('button', { name: 'Erase for good' }).click()
    await page.getByText('“rye” is being erased.').waitFor()
    await line('rye')
      .getByText(/^Erased on/)
      .waitFor()
    await page.getByRole('button', { name: 'Erase rye' }).first().waitFor({ state: 'detached' })
    expect(page.faults).toEqual([])
  }, 240_000)
})
