import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { findings } from '../support/accessibility.js'
import { newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { earn } from '../support/members.js'
import { openPage } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// The network in numbers, and its custodians, for anybody who looks: nobody is signed in here.

let world: World
let browser: Browser
let page: Page & { faults: string[] }

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  await earn(world, [await newContributor(world, 'Alice')], parseEther('2'))
  page = await openPage(browser, { viewport: { width: 1280, height: 900 } })
}, 240_000)
afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

const number = async (name: string) =>
  Number(((await page.getByTestId(`total-${name}`).textContent()) ?? '').replaceAll(',', ''))

describe('/network', () => {
  it('can be seen without signing in, and counts what there is', async () => {
    await page.goto(world.api)
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Network' }).click()
    await page.getByRole('heading', { name: 'The network', level: 1 }).waitFor()
    await page.getByTestId('total-contributors').waitFor()
    for (const name of ['contributors', 'datasets', 'uses']) expect(await number(name)).toBeGreaterThan(0)
    for (const name of ['Contributors so far', 'Datasets so far', 'Uses, each day', 'Paid out, each day'])
      await page.getByRole('figure', { name }).waitFor()
    await page.getByLabel('Over the last').selectOption('365')
    await waitFor('a year', async () => page.url().endsWith('/network') && (await number('uses')) > 0)
  }, 240_000)

  it('says how many custodians of how many needed are ready', async () => {
    await page.getByText('3 of 3 are ready.').waitFor()
    await page.getByText('2 are needed, so releases go on.').waitFor()
    await page.getByTestId('custodian-1').getByText('Ready').waitFor()
    await page.getByTestId('custodian-1').getByText('has its share of epoch 1').waitFor()
  })

  it('says so when too few are left, and when nothing can be told', async () => {
    await page.route('**/v1/custodians', async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      body.ready = 1
      body.members[0] = {
        ...body.members[0],
        state: 'unreachable',
        version: null,
        epochs: [],
        lastSeen: null,
      }
      body.members[1] = { ...body.members[1], state: 'waiting', code: 'CHAIN_UNAVAILABLE' }
      await route.fulfill({ response: answer, json: body })
    })
    await page.getByText('until then nothing is released and nothing is settled').waitFor()
    await page.getByTestId('custodian-1').getByText('Does not answer').waitFor()
    await page.getByTestId('custodian-1').getByText('not seen since this server was started').waitFor()
    await page.getByTestId('custodian-2').getByText('(it cannot read the chain)').waitFor()
    expect(await findings(page)).toEqual([])
    await page.unroute('**/v1/custodians')
    await page.route('**/v1/statistics?*', (route) =>
      route.fulfill({ status: 500, json: { code: 'INTERNAL' } }),
    )
    await page.reload()
    await page.getByText('The numbers cannot be shown right now').waitFor()
    await page.unroute('**/v1/statistics?*')
    await page.reload()
    await page.getByTestId('total-uses').waitFor()
  }, 240_000)

  it('is easy to read, wide and narrow, in both themes', async () => {
    await expectLegible(page, 'network')
  }, 240_000)
})
