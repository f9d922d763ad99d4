import type { Hex } from '@granary/protocol'
import { type Contributed, createClient } from '@granary/sdk'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { type Contract, parseEther, Wallet } from 'ethers'
import {
  type Actor,
  contributeBytes,
  makeTrainer,
  memorySink,
  newContributor,
  newStranger,
  newTrainer,
  sha256,
} from '../support/actors.js'
import { balanceOf, codeOf, openRaw, refusalBy, signedOrder } from '../support/releases.js'
import { newCourier, newSharedWallet, type SharedWallet } from '../support/wallets.js'
import { sharedWorld } from '../support/world.js'

// A lab whose trainer is a contract wallet of two: what it asks and pays for, and what it gets.

const world = sharedWorld()
const PRICE = parseEther('2')
const bytes = (text: string) => new TextEncoder().encode(text)
const recipes = bytes('the recipes of the family')
const TERMS = { purposes: ['fine-tuning'], expires: null } as const

let courier: Wallet
let pool: number
let alice: Actor
let mallory: Actor

beforeAll(async () => {
  pool = await world.createPool({ price: PRICE })
  courier = await newCourier(world)
  alice = await newContributor(world, 'Alice')
  mallory = await newStranger(world)
})

describe('a shared wallet as a trainer', () => {
  let lab: SharedWallet
  let lena: Actor
  let data: number
  let offered: Contributed
  let request: Hex

  beforeAll(async () => {
    data = await world.createPool({ price: PRICE })
    offered = await contributeBytes(alice, recipes, { ...TERMS, pool: data, name: 'recipes.txt' })
    lena = await newContributor(world, 'Lena')
    const lars = await newContributor(world, 'Lars')
    lab = await newSharedWallet(world, courier, [lena.wallet, lars.wallet], { name: 'the lab' })
    await makeTrainer(world, lab)
  })

  const open = (client = lab.client) =>
    client.requests.open({ pool: data, purposes: ['fine-tuning'], recipient: lab.recipient })

  it('is told that it has to approve the payment first: it cannot sign a permit', async () => {
    expect(await codeOf(open())).toBe('ALLOWANCE_TOO_LOW')
  })

  it('opens a request by its owners’ signatures, and pays', async () => {
    const token = world.contract('token').interface
    const { accessRequests } = world.deployment
    await lab.execute(
      world.deployment.token,
      token.encodeFunctionData('approve', [accessRequests, 10n * PRICE]),
    )
    const before = await balanceOf(world, lab.address)
    const opened = await open()
    request = opened.request
    expect(before - (await balanceOf(world, lab.address))).toBe(PRICE)
    expect(await lab.client.requests.get(request)).toMatchObject({ trainer: lab.address, status: 'open' })
  })

  it('gets nothing by an order that one owner signed, or Mallory', async () => {
    const datasets = [await alice.client.datasets.get(offered.id)]
    const order = { request, datasets, manifest: [offered.id] }
    for (const signer of [lab.signedBy(lena.wallet), lena, mallory])
      expect(await refusalBy(world, await signedOrder(world, signer, order))).toBe('ORDER_SIGNATURE_INVALID')
  })

  it('gets the file byte for byte', async () => {
    const sink = memorySink()
    const { files, failed } = await lab.client.fetch(request, { identity: lab.identity, sink })
    expect(failed).toEqual([])
    expect(files).toMatchObject([{ dataset: offered.id, sha256: sha256(recipes) }])
    expect(sink.files.get(offered.id)).toEqual(recipes)
  })

  it('opens a request by a transaction of its own, past API and relayer', async () => {
    const wish = { pool: data, purposes: ['fine-tuning'], datasets: [offered.id] } as const
    const raw = await openRaw(world, lab, wish, lab.execute)
    const found = await world.contract('accessRequests').getFunction('request')(raw)
    expect(found.trainer).toBe(lab.address)
  })
})

describe('a key', () => {
  it('is not asked for a permit where the allowance is there', async () => {
    const trainer = await newTrainer(world)
    await contributeBytes(alice, bytes('for an allowance'), { ...TERMS, pool, purposes: ['pretraining'] })
    const asked: string[] = []
    class Watched extends Wallet {
      override signTypedData(...typed: Parameters<Wallet['signTypedData']>) {
        asked.push(...Object.keys(typed[1]))
        return super.signTypedData(...typed)
      }
    }
    const signer = new Watched(trainer.wallet.privateKey, world.provider)
    const client = createClient({ api: world.api, rpc: world.rpc, signer })
    const wish = { pool, purposes: ['pretraining'], recipient: trainer.recipient }
    await client.requests.open(wish)
    expect(asked.sort()).toEqual(['AccessRequest', 'Permit'])
    await world.fund(trainer.address)
    const token = world.contract('token').connect(signer) as Contract
    await (await token.getFunction('approve')(world.deployment.accessRequests, PRICE)).wait()
    asked.length = 0
    await client.requests.open(wish)
    expect(asked).toEqual(['AccessRequest'])
  })
})
