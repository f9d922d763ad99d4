import type { Hex } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { type Actor, contributeBytes, newContributor, newTrainer } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { type OwnWorld, startWorld } from '../support/world.js'

// A trainer in the pages while others fail: custodians that are down, a key that is elsewhere, a network that is gone.

let world: OwnWorld
let browser: Browser
let page: Page & { faults: string[] }
let trent: Actor
let wallet: InjectedWallet
let request: Hex
let dataset: Hex

const button = (name: string) => page.getByRole('button', { name })

beforeAll(async () => {
  world = await startWorld()
  browser = await launchChromium()
  const pool = await world.createPool()
  const alice = await newContributor(world)
  const terms = { pool, purposes: ['evaluation'] as never, expires: null, name: 'diary.txt' }
  dataset = (await contributeBytes(alice, new TextEncoder().encode('dear diary'), terms)).id
  trent = await newTrainer(world)
  ;({ request } = await trent.client.requests.open({
    pool,
    purposes: ['evaluation'],
    recipient: trent.recipient,
  }))
  page = await openPage(browser, { acceptDownloads: true })
  wallet = await injectWallet(page, { wallet: trent.wallet, rpc: world.rpc })
  await signIn(page, world.api, wallet)
  await page.goto(`${world.api}/training/${request}`)
}, 240_000)

afterAll(async () => {
  await browser?.close()
  await world?.end()
}, 240_000)

describe('a request that was made elsewhere', () => {
  it('wants the key file it was made with', async () => {
    await page.getByText('This request is sealed to another key than this browser has').waitFor()
    await button('Fetch into this browser').first().waitFor({ state: 'detached' })
    const file = { name: 'key.txt', mimeType: 'text/plain', buffer: Buffer.from(`${trent.identity}\n`) }
    await page.getByTestId('key-file').setInputFiles([file])
    await button('Fetch into this browser').waitFor()
  })
})

describe('custodians that are down', () => {
  it('stop a fetch before anything is charged, and say so', async () => {
    await Promise.all([world.stop('custodian2'), world.stop('custodian3')])
    await button('Fetch into this browser').click()
    await page.getByText('Too few custodians answer right now.').first().waitFor()
    expect((await trent.client.requests.get(request)).spent).toBe('0')
  }, 240_000)

  it('do not matter as long as enough answer', async () => {
    await world.startStopped()
    await world.stop('custodian1')
    await button('Fetch into this browser').click()
    await page.getByTestId(`fetch-${dataset}`).getByText('in this browser').waitFor()
    await page.getByTestId('custodian-1').getByText('does not answer').waitFor()
    await page.getByTestId('custodian-2').getByText('gave its part of 1 key').waitFor()
    await world.startStopped()
  }, 240_000)
})

describe('a network that is gone', () => {
  it('is told in words, and what is here stays', async () => {
    await world.stop('api')
    await button('Fetch into this browser').click()
    await page
      .getByText(/stopped answering/)
      .first()
      .waitFor({ timeout: 90_000 })
    await page.getByTestId(`fetch-${dataset}`).getByText('in this browser').waitFor()
    await world.startStopped()
    await button('Fetch into this browser').click()
    await page.getByText('Everything is here.').waitFor()
  }, 240_000)
})
