import { join } from 'node:path'
import type { Address, Hex, RewardsResource, UseResource } from '@granary/protocol'
import type { Contributed } from '@granary/sdk'
import { fileSource, fileSpool, folderSink } from '@granary/sdk/node'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import { type Actor, type Cast, type Contributor, createCast } from './actors.js'
import { decide } from './decision.js'
import { eventually, refusal, transaction } from './evidence.js'
import { type DemoFile, makeFiles } from './files.js'
import { checkOneself, compareTables, erase, takeAway } from './keeping.js'
import type { RunningNetwork } from './network.js'
import { gUSD, type Report } from './report.js'

const POOL = 1
const PURPOSES = ['fine-tuning', 'commercial'] as const
/** Long enough to fetch on a slow machine, short enough to wait for the refund. */
const REQUEST_SECONDS = 60

/** The whole loop on a fresh network: contribute, request, withdraw, fetch, settle, claim, decide, erase, refund. */
export async function tellStory(network: RunningNetwork, folder: string, report: Report): Promise<void> {
  const files = await makeFiles(join(folder, 'files'))
  const cast = await createCast(network.apiUrl, folder)
  const { alice, anna, trent } = cast
  const before = await balances(cast)

  report.step('Two people seal and contribute five files')
  const given = new Map<Hex, DemoFile>()
  const put = async (who: Contributor, file: DemoFile) => {
    const done = await contribute(who, file, folder, report)
    given.set(done.id, file)
    return done.id
  }
  await put(alice, files.csv)
  const withdrawn = await put(alice, files.image)
  await put(alice, files.empty)
  await put(anna, files.jsonl)
  await put(anna, files.large)

  report.step('Trent asks too early, applies, and the council approves him')
  const identity = generateIdentity()
  const wish = { pool: POOL, purposes: PURPOSES, recipient: await identityToRecipient(identity) }
  const early = await refusal(() => trent.client.requests.open(wish))
  report.check(`a trainer who is not approved is refused: ${early}`, early === 'TRAINER_NOT_APPROVED')
  const applied = await trent.client.trainers.apply({
    name: 'Trent',
    description: 'A model that explains compilers',
  })
  report.fact('application', transaction(applied))
  report.fact('approval', transaction(await cast.council.client.council.approve(trent.address)))

  report.step('Trent requests the pool for fine-tuning and commercial use, and pays into escrow')
  const expires = new Date(Date.now() + REQUEST_SECONDS * 1000)
  const opened = await trent.client.requests.open({ ...wish, expires })
  report.fact('request', opened.request)
  report.fact('datasets', `${opened.count} at ${gUSD(opened.price)}`)
  report.fact('opened', transaction(opened))
  const paying = await balances(cast)
  report.fact('Trent', `${gUSD(before.trent)} → ${gUSD(paying.trent)}`)
  report.check(
    `escrowed ${gUSD(opened.total)}`,
    before.trent - paying.trent === opened.total && opened.count === given.size,
  )

  report.step('Alice withdraws her image; from now on nobody gets it')
  report.fact('withdrawal', transaction(await alice.client.datasets.withdraw(withdrawn)))

  report.step('Trent fetches: custodians check, sign receipts, hand over their shares')
  const sink = folderSink(join(folder, 'trent'))
  const fetched = await trent.client.fetch(opened.request, { identity, sink })
  for (const { dataset, sha256, size } of fetched.files) {
    const original = given.get(dataset)!
    report.fact(original.title, `${size} bytes, ${sink.pathOf(dataset)}`)
    report.fact('  SHA-256 original', original.sha256)
    report.check(`SHA-256 fetched        ${sha256}`, sha256 === original.sha256)
  }
  report.check('four files arrived', fetched.files.length === 4)
  const [refused] = fetched.failed
  report.check(
    `the withdrawn one did not: ${refused?.code}`,
    fetched.failed.length === 1 && refused?.dataset === withdrawn && refused.code === 'CONSENT_WITHDRAWN',
  )

  report.step('The custodians settle; everybody claims')
  await settleUses(trent, opened.request, fetched.files.length, report)
  const { committee, deployment } = await trent.client.network()
  const custodians = committee!.members.map((member) => member.account)
  for (const actor of [alice, anna]) await claim(actor, actor.address, actor.name, report)
  await claim(trent, deployment.timelock, 'the treasury', report)
  for (const [position, account] of custodians.entries())
    await claim(trent, account, `custodian ${position + 1}`, report)
  const twice = await refusal(() => alice.client.rewards.claim(alice.address))
  report.check(`a second claim is refused: ${twice}`, twice === 'NOTHING_TO_CLAIM')

  report.step('Alice and Anna join the DAO and make the pool cheaper, by a vote')
  await decide(cast, POOL, report)

  report.step('Alice has her withdrawn image erased, and takes along all that she owns')
  await erase(alice, network.apiUrl, withdrawn, report)
  await takeAway(alice, folder, report)

  report.step('Alice checks for herself what she signed and what she earned')
  await checkOneself(alice, folder, withdrawn, report)

  report.step('The request expires, is marked final, and what was not used comes back')
  const refunded = await refund(trent, opened.request, opened.expires, report)

  report.step('The money')
  const after = await balances(cast)
  const paid = async (accounts: Address[]) =>
    (await Promise.all(accounts.map((account) => rewardsOf(trent, account)))).reduce(
      (sum, { claimed }) => sum + BigInt(claimed),
      0n,
    )
  const [owners, treasury, forCustodians] = [
    await paid([alice.address, anna.address]),
    await paid([deployment.timelock]),
    await paid(custodians),
  ]
  report.fact('Alice', `${gUSD(before.alice)} → ${gUSD(after.alice)}`)
  report.fact('Anna', `${gUSD(before.anna)} → ${gUSD(after.anna)}`)
  report.fact('Trent', `${gUSD(before.trent)} → ${gUSD(after.trent)}`)
  report.check(
    'the owners hold what they claimed',
    after.alice - before.alice + (after.anna - before.anna) === owners,
  )
  report.check('Trent got the price of one dataset back', refunded === opened.price)
  report.check('contracts hold nothing any more', after.contracts === 0n)
  report.check(
    `escrowed ${gUSD(opened.total)} = owners ${gUSD(owners)} + treasury ${gUSD(treasury)} + custodians ${gUSD(forCustodians)} + refunded ${gUSD(refunded)}`,
    opened.total === owners + treasury + forCustodians + refunded,
  )

  report.step('The operator compares the tables with what chain and IPFS alone say')
  await compareTables(join(folder, 'network'), report)
}

async function contribute(
  who: Contributor,
  file: DemoFile,
  folder: string,
  report: Report,
): Promise<Contributed> {
  const done = await who.client.contribute({
    source: await fileSource(file.path),
    pool: POOL,
    purposes: PURPOSES,
    expires: new Date(Date.now() + 2 * 365 * 86_400_000),
    identity: who.identity,
    spool: fileSpool(join(folder, 'spool')),
  })
  report.fact(`${who.name}: ${file.title}`, '')
  report.fact('  SHA-256', `${file.sha256} (never published)`)
  report.fact('  dataset', done.id)
  report.fact('  CID of sealed file', `${done.cid} (${done.size} bytes)`)
  report.fact('  registered', transaction(done))
  return done
}

/**
 * The uses of the request once they are settled, by somebody's asking or by the custodians' own timer, in one settlement
 * or several, and the API has read of each: only then are its balances those of all.
 */
async function settleUses(actor: Actor, request: Hex, uses: number, report: Report): Promise<void> {
  await eventually('the uses settled', async () => {
    await askToSettle(actor)
    const { spent, price } = await actor.client.requests.get(request)
    return BigInt(spent) === BigInt(price) * BigInt(uses) || undefined
  })
  const settled = await eventually('the uses in the tables', async () => {
    const all: UseResource[] = []
    for await (const use of actor.client.requests.uses(request)) all.push(use)
    return all.length === uses ? all : undefined
  })
  for (const use of settled) {
    report.fact(`use of ${use.dataset.slice(0, 12)}`, `${gUSD(BigInt(use.amount))} to ${use.owner}`)
    report.fact('', `settlement ${use.settlement}, transaction ${use.transaction}`)
  }
}

/** While one custodian settles by its own timer, the others refuse to for some seconds: what comes of it counts. */
async function askToSettle({ client }: Actor): Promise<void> {
  await refusal(() => client.settle())
}

async function claim(by: Actor, account: Address, name: string, report: Report): Promise<void> {
  const chain = await by.client.chain()
  const [rewards, before] = [await rewardsOf(by, account), await chain.balance(account)]
  if (BigInt(rewards.claimable) === 0n)
    return report.fact(name, 'nothing to claim: a use pays the members whose receipts it lists')
  const done = await by.client.rewards.claim(account)
  const after = await chain.balance(account)
  report.fact(name, `${gUSD(before)} → ${gUSD(after)}, ${transaction(done)}`)
  report.check(`${name} got what was earned`, after - before === BigInt(rewards.earned))
}

/** The balance as the API shows it, once it has caught up with the chain. */
function rewardsOf(by: Actor, account: Address): Promise<RewardsResource> {
  return by.client.rewards.get(account)
}

async function refund(trent: Actor, request: Hex, expires: Date, report: Report): Promise<bigint> {
  const wait = Math.max(0, expires.getTime() - Date.now())
  report.fact('waiting', `${Math.ceil(wait / 1000)} s for the end of the request`)
  await new Promise((resolve) => setTimeout(resolve, wait + 1_000))
  await eventually('the request final', async () => {
    await askToSettle(trent)
    const { status } = await trent.client.requests.get(request)
    return status === 'final' || status === 'refunded' || undefined
  })
  const { refunded, status } = await trent.client.requests.get(request)
  if (status === 'refunded') return BigInt(refunded)
  const done = await trent.client.requests.refund(request)
  report.fact('refund', `${gUSD(done.amount)}, ${transaction(done)}`)
  return done.amount
}

async function balances({ alice, anna, trent }: Cast) {
  const chain = await trent.client.chain()
  const { deployment } = await trent.client.network()
  const held = [deployment.accessRequests, deployment.rewardPool].map((account) =>
    chain.balance(account as Address),
  )
  return {
    alice: await chain.balance(alice.address),
    anna: await chain.balance(anna.address),
    trent: await chain.balance(trent.address),
    contracts: (await Promise.all(held)).reduce((sum, amount) => sum + amount, 0n),
  }
}
