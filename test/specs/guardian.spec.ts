import {
  contentToCid,
  DEVELOPMENT_ACCOUNTS,
  type Hex,
  rewardTree,
  type SettlementDocument,
  splitUse,
  type TakenSettlement,
} from '@granary/protocol'
import { createClient, type Granary } from '@granary/sdk'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import { findings } from '../support/accessibility.js'
import { type Actor, contributeBytes, newContributor, newStranger, newTrainer } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { type CommandLine, commandLine } from '../support/command-line.js'
import { balanceOf, codeOf, receiptsOf, revertOf, signedOrder, spentOf } from '../support/releases.js'
import { call, refusal, signIn } from '../support/rest.js'
import { goTo, injectWallet, openPage, signIn as signInOnPage } from '../support/web.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// A settlement takes effect after a delay. Until then the guardian may void it, and do nothing else; what was earned is
// settled again and paid once. On a network of its own.

/** Hardly shorter than the custodians' window, and all the time that there is to void: the machine may be slow. */
const CLAIM_DELAY = 55
const REQUEST_SECONDS = 300
/** After an expiry; one more than the custodians wait. */
const FINAL_AFTER_SECONDS = 6
/** Divides by nothing that fees or custodians are made of. */
const PRICE = 1_000_000_000_000_000_007n
const CUSTODIANS = ['custodian1', 'custodian2', 'custodian3'] as const

let world: OwnWorld
let cli: CommandLine
let guardian: { key: Hex; client: Granary }
let alice: Actor
let anna: Actor
let trent: Actor
let mallory: Actor
let token: string
let request: Hex
/** The first settlement of the story, and what anybody can read of it. */
let first: TakenSettlement
let document: SettlementDocument

const settlements = async (): Promise<TakenSettlement[]> =>
  (await call(world, 'GET', '/v1/settlements')).body.items
const pool = () => world.contract('rewardPool')
const rewardsOf = (actor: Actor) => actor.client.rewards.get(actor.address)
const requested = () => trent.client.requests.get(request)
const part = () =>
  splitUse({
    price: PRICE,
    treasuryBps: 500,
    custodiansBps: 1000,
    custodians: [],
    owner: alice.address,
    treasury: world.council.wallet.address as Hex,
  }).get(alice.address)!

/** Moves the chain's clock, which counts for everybody where it is ahead of the machine's. */
async function passTime(seconds: number): Promise<void> {
  await world.provider.send('evm_increaseTime', [seconds])
  await world.provider.send('evm_mine', [])
}

/** Lets the custodians settle what is due, and stops them again. */
async function settledBy(sequence: number): Promise<TakenSettlement> {
  await world.startStopped()
  let found: TakenSettlement | undefined
  await waitFor('the settlement', async () => {
    found = (await settlements())[0]
    return found?.sequence === sequence
  })
  await waitFor('its uses', async () => (await rewardsOf(alice)).entries.length === 1)
  await Promise.all(CUSTODIANS.map((name) => world.stop(name)))
  return found!
}

beforeAll(async () => {
  world = await startWorld({ args: ['--port', '0', '--claim-delay', String(CLAIM_DELAY)] })
  cli = commandLine(world)
  const key = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'guardian')!.privateKey
  const signer = new Wallet(key, world.provider)
  guardian = { key, client: createClient({ api: world.api, rpc: world.rpc, signer }) }
  const number = await world.createPool({ price: PRICE })
  ;[alice, anna] = [await newContributor(world, 'Alice'), await newContributor(world, 'Anna')]
  mallory = await newStranger(world)
  await world.fund(mallory.address)
  trent = await newTrainer(world, { tokens: PRICE * 3n })
  const give = (owner: Actor, text: string) =>
    contributeBytes(owner, new TextEncoder().encode(text), {
      pool: number,
      purposes: ['pretraining'],
      expires: null,
    })
  const used = [(await give(alice, 'one')).id, (await give(anna, 'two')).id].sort()
  const withdrawn = await give(alice, 'to be withdrawn')
  const opened = await trent.client.requests.open({
    pool: number,
    purposes: ['pretraining'],
    recipient: trent.recipient,
    expires: new Date(Date.now() + REQUEST_SECONDS * 1000),
  })
  request = opened.request
  await alice.client.datasets.withdraw(withdrawn.id)
  const datasets = await Promise.all(used.map((id) => trent.client.datasets.get(id)))
  const manifest = [...used, withdrawn.id].sort()
  // A quorum of receipts is a use. They are not to settle it before the request has ended.
  await receiptsOf(world, [1, 2], await signedOrder(world, trent, { request, datasets, manifest }))
  await Promise.all(CUSTODIANS.map((name) => world.stop(name)))
  token = await signIn(world, mallory.wallet)
}, 300_000)
afterAll(async () => {
  cli?.remove()
  await world?.end()
})

describe('a settlement within its delay', () => {
  it('is shown as pending, with the time from which it takes effect', async () => {
    const { timestamp } = (await world.provider.getBlock('latest'))!
    await passTime(Date.parse((await requested()).expires) / 1000 + FINAL_AFTER_SECONDS - timestamp)
    first = await settledBy(1)
    expect(first).toMatchObject({ number: 1, epoch: 1, state: 'pending', returned: false })
    expect(first.total).toBe(String(2n * PRICE))
    expect(Date.parse(first.effectiveFrom) - Date.parse(first.taken.time)).toBe(CLAIM_DELAY * 1000)
    expect((await call(world, 'GET', '/v1/settlements/1')).body).toEqual(first)
    expect(refusal(await call(world, 'GET', '/v1/settlements/2'))).toBe('404 SETTLEMENT_UNKNOWN')
    expect(refusal(await call(world, 'GET', '/v1/settlements/0'))).toBe('400 VALIDATION_FAILED')
    expect(refusal(await call(world, 'GET', '/v1/settlements?cursor=eA'))).toBe('400 CURSOR_INVALID')

    const path = `/ipfs/${contentToCid(first.document, true)}?format=raw`
    document = (await (await fetch(`${world.api}${path}`)).json()) as SettlementDocument
    expect(await rewardsOf(alice)).toMatchObject({
      earned: '0',
      claimable: '0',
      proof: [],
      pending: [{ settlement: 1, amount: String(part()), from: first.effectiveFrom }],
      entries: [{ request, settlement: 1, amount: String(part()) }],
    })
  })

  it('pays nobody, and its end of a request refunds nobody', async () => {
    const refused = await call(world, 'POST', `/v1/rewards/${alice.address}/claims`, { token, body: {} })
    expect(refusal(refused)).toBe('409 NOTHING_TO_CLAIM')
    expect(refused.body.from).toBe(first.effectiveFrom)
    expect(await codeOf(alice.client.rewards.claim(alice.address))).toBe('NOTHING_TO_CLAIM')
    const claim = pool().getFunction('claim').staticCall(alice.address, part(), proofOf(alice))
    expect(await revertOf(world, 'rewardPool', claim)).toBe('ProofInvalid')

    // An API that shows the pending tree as if it were in effect.
    const lying = createClient({
      api: world.api,
      rpc: world.rpc,
      fetch: async (url, options) => {
        const answer = await fetch(url, options)
        if (!String(url).includes('/v1/rewards/')) return answer
        const [earned, proof] = [String(part()), proofOf(alice)]
        const lie = { earned, claimable: earned, total: earned, root: first.root, proof }
        return Response.json({ ...((await answer.json()) as object), ...lie })
      },
    })
    expect(await codeOf(lying.rewards.get(alice.address))).toBe('REWARDS_MISMATCH')

    const { status, spent, refundableAt, expires, window } = await requested()
    expect({ status, spent }).toEqual({ status: 'final', spent: String(2n * PRICE) })
    const end = new Date(Date.parse(expires) + (window + 1) * 1000).toISOString()
    expect(refundableAt).toBe([first.effectiveFrom, end].sort()[0])
    const refund = await call(world, 'POST', `/v1/access-requests/${request}/refund`, { token, body: {} })
    expect(refusal(refund)).toBe('409 REQUEST_NOT_REFUNDABLE')
    expect(refund.body.from).toBe(refundableAt)
    const onChain = world.contract('accessRequests').getFunction('refund').staticCall(request)
    expect(await revertOf(world, 'accessRequests', onChain)).toBe('RequestNotRefundable')
  })

  it('is voided by nobody but the guardian, and given back by nobody while it stands', async () => {
    expect(await codeOf(mallory.client.settlements.voidFrom(1))).toBe('NOT_GUARDIAN')
    expect(await codeOf(world.council.client.settlements.voidFrom(1))).toBe('NOT_GUARDIAN')
    expect(await codeOf(guardian.client.settlements.voidFrom(2))).toBe('SETTLEMENT_UNKNOWN')
    expect(await codeOf(mallory.client.settlements.giveBack(first))).toBe('NOTHING_TO_GIVE_BACK')
    expect((await settlements())[0]).toMatchObject({ state: 'pending' })
  })

  it('is no end of its request from the voiding on, before anything was given back; a chain that goes back is followed', async () => {
    const snapshot = await world.provider.send('evm_snapshot', [])
    const { settlements: voided } = await guardian.client.settlements.voidFrom(1)
    expect(voided).toMatchObject([{ number: 1, sequence: 1, state: 'voided', returned: false }])
    expect(await rewardsOf(alice)).toMatchObject({ claimable: '0', pending: [], entries: [] })
    const { status, spent } = await requested()
    expect(status).not.toBe('final')
    expect(spent).toBe(String(2n * PRICE))

    await world.provider.send('evm_revert', [snapshot])
    await waitFor('the settlement to stand again', async () => (await settlements())[0]?.state === 'pending')
    await waitFor('its uses', async () => (await rewardsOf(alice)).entries.length === 1)
    expect(await settlements()).toEqual([first])
    expect(await rewardsOf(alice)).toMatchObject({ pending: [{ settlement: 1, amount: String(part()) }] })
    expect((await requested()).status).toBe('final')
  })
})

describe('a settlement that the guardian voids', () => {
  it('is without effect, and what it took is back in escrow to the unit', async () => {
    const { json } = await cli.run(guardian.key, 'settlements', 'void', '1', '--yes')
    expect(json).toMatchObject({ voided: [1], givenBack: [1] })
    expect(await settlements()).toEqual([{ ...first, state: 'voided', returned: true }])
    expect(await spentOf(world, request)).toBe(0n)
    expect(await balanceOf(world, world.deployment.accessRequests)).toBe(3n * PRICE)
    expect(await balanceOf(world, world.deployment.rewardPool)).toBe(0n)
    const { status, spent } = await requested()
    expect(status).not.toBe('final')
    expect(spent).toBe('0')
    expect(await rewardsOf(anna)).toMatchObject({ earned: '0', pending: [], entries: [] })
    expect(await alice.client.datasets.get(document.uses[0]!.dataset)).toMatchObject({ uses: 0, earned: '0' })
  })

  it('is not taken again with the signatures that it had, nor given back twice', async () => {
    const { data } = (await world.provider.getTransaction(first.taken.transaction))!
    const again = mallory.wallet.sendTransaction({ to: world.deployment.rewardPool, data })
    expect(await revertOf(world, 'rewardPool', again)).toBe('SettlementRepeated')
    const [voided] = await settlements()
    expect(await mallory.client.settlements.giveBack(voided!)).toBeNull()
    const { json } = await cli.run(mallory.wallet.privateKey, 'settlements', 'give-back', '1')
    expect(json.error.code).toBe('NOTHING_TO_GIVE_BACK')
    expect((await cli.run(guardian.key, 'settlements', 'void', '1', '--yes')).json.error.code).toBe(
      'SETTLEMENT_UNKNOWN',
    )
  })

  it('pays nobody, however long one waits', async () => {
    await passTime(CLAIM_DELAY)
    expect(await codeOf(alice.client.rewards.claim(alice.address))).toBe('NOTHING_TO_CLAIM')
    const claim = pool().getFunction('claim').staticCall(alice.address, part(), proofOf(alice))
    expect(await revertOf(world, 'rewardPool', claim)).toBe('ProofInvalid')
  })
})

describe('the same uses, settled again', () => {
  let second: TakenSettlement

  it('have the number of the one that was voided and another document', async () => {
    second = await settledBy(2)
    expect(second).toMatchObject({ number: 1, state: 'pending', total: first.total })
    expect(second.document).not.toBe(first.document)
    expect((await settlements()).map(({ sequence, state }) => [sequence, state])).toEqual([
      [2, 'pending'],
      [1, 'voided'],
    ])
    expect((await call(world, 'GET', '/v1/settlements/1')).body).toEqual(second)
    const page = (await call(world, 'GET', '/v1/settlements?limit=1')).body
    expect(page.items).toEqual([second])
    const next = (await call(world, 'GET', `/v1/settlements?limit=1&cursor=${page.next}`)).body
    expect(next).toMatchObject({ items: [{ sequence: 1 }], next: null })
    expect((await requested()).status).toBe('final')
    const { json } = await cli.run(alice.wallet.privateKey, 'rewards')
    expect(json.pending).toEqual([{ settlement: 1, amount: String(part()), from: second.effectiveFrom }])
  })

  it('are shown to their owner in the web page, with the time from which they can be claimed', async () => {
    const browser = await launchChromium()
    try {
      const page = await openPage(browser)
      await signInOnPage(page, world.api, await injectWallet(page, { wallet: alice.wallet, rpc: world.rpc }))
      await page
        .getByTestId('pending')
        .getByText(/^0\.85 gUSD/)
        .waitFor()
      await goTo(page, 'Rewards')
      await page.getByText(/Can be claimed from \d+ \w+ \d{4} at \d\d:\d\d/).waitFor()
      await page.getByText(/^ready from /).waitFor()
      expect(await page.getByTestId('claimable').textContent()).toBe('0 gUSD')
      expect(await findings(page)).toEqual([])
    } finally {
      await browser.close()
    }
  })

  it('are paid once, exactly what was earned, when the delay is over', async () => {
    await passTime(CLAIM_DELAY)
    await waitFor('the effect', async () => (await settlements())[0]?.state === 'in-effect')
    expect((await cli.run(guardian.key, 'settlements', 'void', '1', '--yes')).json.error.code).toBe(
      'SETTLEMENT_EFFECTIVE',
    )
    expect(await codeOf(guardian.client.settlements.voidFrom(1))).toBe('SETTLEMENT_EFFECTIVE')
    for (const owner of [alice, anna]) {
      expect(await rewardsOf(owner)).toMatchObject({ claimable: String(part()), pending: [] })
      expect((await owner.client.rewards.claim(owner.address)).amount).toBe(part())
      expect(await balanceOf(world, owner.address)).toBe(part())
      expect(await codeOf(owner.client.rewards.claim(owner.address))).toBe('NOTHING_TO_CLAIM')
    }
  })

  it('leave to the trainer what was not used; the money adds up', async () => {
    expect((await mallory.client.requests.refund(request)).amount).toBe(PRICE)
    expect(await balanceOf(world, trent.address)).toBe(PRICE)
    expect(await balanceOf(world, world.deployment.accessRequests)).toBe(0n)
    const [total, claimed] = [await pool().getFunction('total')(), await pool().getFunction('totalClaimed')()]
    expect({ total, claimed }).toEqual({ total: 2n * PRICE, claimed: 2n * part() })
    expect(await balanceOf(world, world.deployment.rewardPool)).toBe(total - claimed)
    expect(await requested()).toMatchObject({
      status: 'refunded',
      spent: String(2n * PRICE),
      refunded: String(PRICE),
    })
  })
})

/** An account's proof in the tree of the first settlement. */
function proofOf({ address }: Actor): Hex[] {
  const entries = document.leaves.map(({ account, total }) => ({ account, total: BigInt(total) }))
  return rewardTree(entries).proof(address)
}
