import type { Hex } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { type Actor, contributeBytes, newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { openPage } from '../support/web.js'
import { sharedWorld, type World } from '../support/world.js'

// The catalogue, for anybody: nobody is signed in here.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let alice: Actor
let pool: number
let empty: number
const ids: Record<string, Hex> = {}

const bytes = (size: number) => new Uint8Array(size)
const found = (n: number) =>
  page.getByRole('heading', { name: `${n} ${n === 1 ? 'dataset' : 'datasets'}`, exact: true })
const card = (name: string) => page.getByTestId(`dataset-${ids[name]}`)

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool({ price: parseEther('1.5') })
  empty = await world.createPool()
  alice = await newContributor(world)
  const terms = { pool, expires: null }
  const evaluation = { ...terms, purposes: ['evaluation', 'commercial'] as never }
  ids.sleep = (
    await contributeBytes(alice, bytes(20_000), { ...evaluation, name: 'Sleep diary', type: 'text/csv' })
  ).id
  ids.ecole = (
    await contributeBytes(alice, bytes(10), {
      ...evaluation,
      name: 'École du soir',
      type: 'text/csv',
      ask: true,
    })
  ).id
  ids.trips = (
    await contributeBytes(alice, bytes(50), {
      ...terms,
      purposes: ['retrieval'] as never,
      name: 'Trips <b>2024</b>',
      type: 'application/json',
    })
  ).id
  ids.gone = (await contributeBytes(alice, bytes(5), { ...evaluation, name: 'Gone' })).id
  await alice.client.datasets.withdraw(ids.gone)
  page = await openPage(browser)
}, 240_000)

afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

describe('/catalogue, signed out', () => {
  it('is in the navigation and shows what there is', async () => {
    await page.goto(`${world.api}/catalogue`)
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Catalogue' }).waitFor()
    await page.getByText('Choose a pool to see what all of this would cost.').waitFor()
    await page.getByRole('searchbox').waitFor()
  })

  it('searches words whatever their accents, and keeps them in the address', async () => {
    await page.goto(`${world.api}/catalogue?pool=${pool}`)
    await found(3).waitFor()
    await page.getByRole('searchbox').fill('ecole')
    await page.keyboard.press('Enter')
    await found(1).waitFor()
    await card('ecole').getByText('asks its owner first').waitFor()
    expect(new URL(page.url()).search).toBe(`?q=ecole&pool=${pool}`)
    await page.reload()
    await found(1).waitFor()
    expect(await page.getByRole('searchbox').inputValue()).toBe('ecole')
    await page.getByRole('button', { name: 'Clear all' }).click()
    await page.getByText('Choose a pool to see').waitFor()
  })

  it('narrows by each facet, says what is left, and what all of it costs', async () => {
    await page.goto(`${world.api}/catalogue?pool=${pool}`)
    await page.getByRole('checkbox', { name: /^CSV 2/ }).check()
    await found(2).waitFor()
    await page.getByTestId('catalogue-cost').getByText('3 gUSD').waitFor()
    await page.getByRole('radio', { name: /^At once 1/ }).check()
    await found(1).waitFor()
    await card('sleep').getByText('20 kB').waitFor()
    await page.getByRole('radio', { name: /^Either way/ }).check()
    await page.getByRole('radio', { name: /^Under 10 kB 1/ }).check()
    await found(1).waitFor()
    await card('ecole').waitFor()
    await page.getByRole('checkbox', { name: /^Retrieval/ }).check()
    await page.getByText('Nothing fits all of that').waitFor()
    await expectLegible(page, 'catalogue-nothing')
    await page.getByRole('main').getByRole('status').getByRole('button', { name: 'Clear all' }).click()
    await page.getByText('Choose a pool to see').waitFor()
  }, 240_000)

  it('passes over an address that makes no sense', async () => {
    await page.goto(`${world.api}/catalogue?pool=${pool}&format=exe&minSize=-1&sort=best&purposes=all`)
    await found(3).waitFor()
    await page.getByRole('combobox', { name: 'Order' }).selectOption('largest')
    await page
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading') })
      .first()
      .getByText('Sleep diary')
      .waitFor()
    await expectLegible(page, 'catalogue-pool')
  }, 240_000)

  it('says so when it cannot be shown, and goes on', async () => {
    await page.route('**/v1/datasets?*', (route) =>
      route.fulfill({ status: 503, json: { code: 'DATABASE_UNAVAILABLE' } }),
    )
    await page.goto(`${world.api}/catalogue?pool=${pool}`)
    await page.getByText('The catalogue cannot be shown right now').waitFor()
    await page.unroute('**/v1/datasets?*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await card('sleep').waitFor()
  }, 240_000)
})

describe('/catalogue/:id', () => {
  it('shows all that is public, as text', async () => {
    await page.goto(`${world.api}/catalogue?pool=${pool}`)
    await card('trips').getByRole('link').click()
    await page.getByRole('heading', { name: 'Trips <b>2024</b>', level: 1 }).waitFor()
    const allowed = page.getByRole('region', { name: 'What it may be used for' })
    expect(await allowed.getByText('not allowed').count()).toBe(7)
    await page.getByRole('region', { name: 'Facts' }).getByText('1.5 gUSD per use').waitFor()
    await page.getByRole('region', { name: 'History' }).getByText('Contributed').waitFor()
    await page.getByRole('link', { name: 'Ask for this dataset' }).waitFor()
  }, 240_000)

  it('shows schema, rows and days where they are, and nothing where they make no sense', async () => {
    const dataset = await (await fetch(`${world.api}/v1/datasets/${ids.sleep}`)).json()
    const withSchema = (schema: unknown) => ({
      ...dataset,
      metadata: { ...dataset.metadata, description: 'Two years of nights.', schema },
    })
    const schema = {
      format: 'csv',
      rows: 730,
      rowsExact: true,
      columns: [
        { name: 'night', type: 'date' },
        { name: 'hours', type: 'number' },
      ],
      from: '2023-01-01',
      to: '2024-12-31',
    }
    const route = `**/v1/datasets/${ids.sleep}`
    await page.route(route, (asked) => asked.fulfill({ json: withSchema(schema) }))
    await page.goto(`${world.api}/catalogue/${ids.sleep}`)
    const columns = page.getByRole('region', { name: 'Columns' })
    await columns.getByRole('cell', { name: 'night' }).waitFor()
    await page.getByText('730 rows').waitFor()
    await page.getByText('1 January 2023 to 31 December 2024').waitFor()
    await expectLegible(page, 'catalogue-dataset')
    await page.unroute(route)
    await page.route(route, (asked) => asked.fulfill({ json: withSchema({ rows: 'many', columns: [1] }) }))
    await page.reload()
    await page.getByText('Two years of nights.').waitFor()
    await page.getByRole('region', { name: 'Columns' }).first().waitFor({ state: 'detached' })
    await page.unroute(route)
  }, 240_000)

  it('says what is withdrawn and what is not there', async () => {
    await page.goto(`${world.api}/catalogue/${ids.gone}`)
    await page.getByText('Withdrawn by its owner: it cannot be requested any more').waitFor()
    await page.getByRole('link', { name: 'Ask for this dataset' }).first().waitFor({ state: 'detached' })
    for (const id of [`0x${'0'.repeat(64)}`, 'nothing']) {
      await page.goto(`${world.api}/catalogue/${id}`)
      await page.getByRole('heading', { name: 'There is no such dataset' }).waitFor()
    }
  }, 240_000)
})

describe('/catalogue/pools/:id', () => {
  it('shows a pool and what is in it', async () => {
    await page.goto(`${world.api}/catalogue/pools/${pool}`)
    await page.getByText('85% of each price').waitFor()
    await found(3).waitFor()
    await expectLegible(page, 'catalogue-one-pool')
    await page.goto(`${world.api}/catalogue/pools/${empty}`)
    await page.getByText('There is nothing here yet').waitFor()
    for (const id of ['60000', 'x']) {
      await page.goto(`${world.api}/catalogue/pools/${id}`)
      await page.getByRole('heading', { name: 'There is no such pool' }).waitFor()
    }
  }, 240_000)
})

it('speaks French', async () => {
  const french = await openPage(browser, { locale: 'fr-FR' })
  await french.goto(`${world.api}/catalogue?pool=${pool}`)
  await french.getByRole('heading', { name: '3 jeux de données' }).waitFor()
  await french.getByRole('link', { name: 'Demander ces données' }).click()
  await french.waitForURL(({ pathname }) => pathname === '/training/new')
  expect(french.faults).toEqual([])
  await french.context().close()
})
