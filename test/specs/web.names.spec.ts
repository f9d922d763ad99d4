import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Contract, namehash, Wallet } from 'ethers'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../support/chromium.js'
import { artifact, deployed, newCourier } from '../support/wallets.js'
import { injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, waitFor } from '../support/world.js'

// ENS on the real chain: its registry where every chain has it, read through the wallet.

const REGISTRY = '0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e'
const world = sharedWorld()
let browser: Browser
let courier: Wallet
let registry: Contract
let resolver: Contract

const someone = () => new Wallet(Wallet.createRandom().privateKey)
const reverse = (address: string) => namehash(`${address.slice(2).toLowerCase()}.addr.reverse`)

async function said(account: string, name: string, leadsTo: string, node = namehash(name)): Promise<void> {
  const at = await resolver.getAddress()
  for (const one of [reverse(account), node])
    await (await registry.getFunction('setResolver')(one, at)).wait()
  await (await resolver.getFunction('set(bytes32,string)')(reverse(account), name)).wait()
  await (await resolver.getFunction('set(bytes32,address)')(node, leadsTo)).wait()
}

/** Somebody's page. */
async function pageOf(wallet: Wallet) {
  const page = await openPage(browser)
  const injected = await injectWallet(page, { wallet, rpc: world.rpc })
  await signIn(page, world.api, injected)
  await page.getByTitle(wallet.address).first().waitFor()
  return { page, injected, header: page.locator('header') }
}

beforeAll(async () => {
  courier = await newCourier(world)
  const model = artifact('Ens', 'EnsRegistry')
  const code = await world.provider.getCode(await deployed(courier, model, []))
  await world.provider.send('anvil_setCode', [REGISTRY, code])
  registry = new Contract(REGISTRY, model.abi, courier)
  const kept = artifact('Ens', 'EnsResolver')
  resolver = new Contract(await deployed(courier, kept, []), kept.abi, courier)
  browser = await launchChromium()
}, 240_000)
afterAll(async () => {
  await world.provider.send('anvil_setCode', [REGISTRY, '0x'])
  await browser?.close()
  world.close()
})

describe('an account’s name', () => {
  it('stands beside its address when it leads back to it', async () => {
    const alice = someone()
    await said(alice.address, 'alice.granary.eth', alice.address)
    const { page, header } = await pageOf(alice)
    await header.getByText('alice.granary.eth').waitFor()
    expect(await header.getByTitle(alice.address).textContent()).toMatch(/^0x.{4}….{4}$/)
    expect(page.faults).toEqual([])
    await page.context().close()
  }, 240_000)

  it.each([
    ['that leads to somebody else', 'vitalik.eth', () => someone().address, undefined],
    ['that is not written as names are', 'Alice.ETH', null, namehash('alice.eth')],
  ] as const)(
    '%s is not shown',
    async (_, name, leadsTo, node) => {
      const mallory = someone()
      await said(mallory.address, name, leadsTo?.() ?? mallory.address, node)
      const { page, injected, header } = await pageOf(mallory)
      const lookedUp = () => injected.read.filter((method) => method === 'eth_call').length
      await waitFor('the name to be looked up there and back', async () => lookedUp() >= 4)
      await page.waitForTimeout(1_000)
      expect((await header.textContent())?.toLowerCase()).not.toContain(name.toLowerCase())
      expect(page.faults).toEqual([])
      await page.context().close()
    },
    240_000,
  )
})

describe('a chain without names', () => {
  it('shows addresses, and is asked no more than whether it has names', async () => {
    await world.provider.send('anvil_setCode', [REGISTRY, '0x'])
    const { page, injected } = await pageOf(someone())
    await waitFor('the chain to be asked', () => injected.read.length > 0)
    await page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => {}) // live pages never rest
    expect(injected.read).toEqual(['eth_getCode'])
    expect(page.faults).toEqual([])
    await page.context().close()
  }, 240_000)
})
