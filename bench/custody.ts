import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  contributionFlags,
  datasetId,
  hexToBytes,
  importFile,
  type MessageOf,
  purposesToBits,
  rewardTree,
  settlementDocumentSchema,
  signMessage,
} from '@granary/protocol'
import { committeeLabel, createShare, findCommitteeStanza, readHeader } from '@granary/sealing'
import { CustodyNetwork, get, post, SOME_DIGEST } from '../test/support/custody.js'
import {
  answerRequest,
  approvedTrainer,
  type Contributed,
  changeConsent,
  groupKeyOf,
  openRequest,
  order,
  type Person,
  person,
  receipts,
  sealFor,
  withdraw,
} from '../test/support/custody-actors.js'
import { gasByCall } from './gas.js'

/**
 * A real chain and three real custodians: how many datasets a custodian releases a second, and what each contract call
 * costs. Prints one JSON document.
 *
 *     node --import ./bench/typescript.mjs bench/custody.ts DATASETS ROUNDS
 */
const [datasets = 64, rounds = 3] = process.argv.slice(2).map(Number)
const VECTORS = new URL('../test/vectors/sealing.json', import.meta.url)
const BATCH = 100
const BATCH_GAS = 8_000_000

/** Registers sealed files (or digests of nothing) in one transaction; the council pays. */
async function contributeBatch(network: CustodyNetwork, given: readonly (Person | Contributed)[], wish = {}) {
  const deadline = BigInt((await network.now()) + 3600)
  const messages = given.map((one): MessageOf<'Contribution'> => {
    const known = 'content' in one
    return {
      owner: known ? one.owner.address : one.address,
      content: known ? one.content : `0x${randomBytes(32).toString('hex')}`,
      metadata: `0x${randomBytes(32).toString('hex')}`,
      pool: 1,
      purposes: purposesToBits(['fine-tuning']),
      expires: 0,
      flags: contributionFlags({ ask: false, rawRoot: known ? one.rawRoot : true, ...wish }),
      deadline,
    }
  })
  const signatures = await Promise.all(
    messages.map((message, i) => {
      const one = given[i]!
      const { wallet } = 'content' in one ? one.owner : one
      return signMessage(wallet, 'Contribution', message, network.deployment)
    }),
  )
  const registry = network.contract('datasetRegistry', network.council)
  await network.send(registry.getFunction('contribute')(messages, signatures, { gasLimit: BATCH_GAS }))
  return messages.map(({ owner, content }) => datasetId(owner, content))
}

async function sealedFor(network: CustodyNetwork, owner: Person): Promise<Contributed> {
  const plaintext = randomBytes(1000)
  const sealed = await sealFor(network, owner.address, owner.recipient, plaintext)
  const put = (cid: string, bytes: Uint8Array) => void network.blocks.set(cid, bytes)
  const { cid, content, rawRoot } = await importFile([sealed], { put })
  return { id: datasetId(owner.address, content), content, cid, rawRoot, owner, plaintext, sealed }
}

/** The bare cryptography of as many shares, in this process: seconds. */
async function bareShares(network: CustodyNetwork, files: readonly Contributed[]): Promise<number> {
  const groupKey = hexToBytes(await groupKeyOf(network))
  const { chainId, datasetRegistry: registry } = network.deployment
  // A member's key from the published vectors: the work is the same for any.
  const [member] = JSON.parse(readFileSync(VECTORS, 'utf8')).cases[0].shares
  const secret = hexToBytes(`0x${member.secret}`)
  const verifyingShare = hexToBytes(`0x${member.verifyingShare}`)
  const work = files.map((file) => ({
    dataset: hexToBytes(file.id),
    stanza: findCommitteeStanza(readHeader(file.sealed)),
    label: committeeLabel({ groupKey, chainId: BigInt(chainId), registry, owner: file.owner.address }),
  }))
  const started = performance.now()
  for (const item of work) createShare({ secret, verifyingShare, ...item })
  return (performance.now() - started) / 1000
}

/** One custodian's two answers to an order: seconds for the receipt, seconds for the shares. */
async function releaseSeconds(network: CustodyNetwork, trainer: Person, files: readonly Contributed[]) {
  const opened = await openRequest(network, trainer, files)
  const signed = await order(network, opened)
  const started = performance.now()
  const mine = await receipts(network, signed, [0])
  const receipted = performance.now()
  const shown = [...mine, ...(await receipts(network, signed, [1]))]
  const asked = performance.now()
  const { status, body } = await post(network.custodians[0]!.url, '/v1/shares', {
    order: signed,
    receipts: shown,
  })
  const answered = performance.now()
  if (status !== 200 || body.refused.length > 0) throw new Error(JSON.stringify(body).slice(0, 300))
  return { receipt: (receipted - started) / 1000, shares: (answered - asked) / 1000 }
}

/** Calls that the releases did not make, once each, so that every call has its gas. */
async function restOfTheCalls(network: CustodyNetwork, trainer: Person): Promise<void> {
  await apply(network, await person())
  const [alice, anna] = [await person(), await person()]
  const [hers, annas] = [await sealedFor(network, alice), await sealedFor(network, anna)]
  await contributeBatch(network, [hers])
  await contributeBatch(network, [annas])
  await contributeBatch(network, await people(BATCH))
  await changeConsent(network, annas, { ask: true })
  const opened = await openRequest(network, trainer, [hers, annas])
  await answerRequest(network, annas, opened.id, true)
  await receipts(network, await order(network, opened), [0, 1])

  const { status, body } = await post(network.custodians[2]!.url, '/v1/settlements')
  if (status !== 200) throw new Error(JSON.stringify(body))
  await claims(network, body.number)
  await withdraw(network, hers)
  const unused = await openRequest(network, trainer, [annas], { seconds: 30 })
  await network.passTime(3600)
  await network.asCouncil('accessRequests', 'refund', unused.id)
}

async function apply(network: CustodyNetwork, trainer: Person): Promise<void> {
  const application = {
    trainer: trainer.address,
    profile: SOME_DIGEST,
    deadline: BigInt((await network.now()) + 600),
  }
  const signature = await signMessage(trainer.wallet, 'TrainerApplication', application, network.deployment)
  await network.asCouncil('trainerRegistry', 'submitApplication', application, signature)
}

const people = (count: number) => Promise.all(Array.from({ length: count }, () => person()))

async function claims(network: CustodyNetwork, number: number): Promise<void> {
  const answer = await get(network.custodians[2]!.url, `/v1/settlements/${number}`)
  const { leaves } = settlementDocumentSchema.parse(answer.body.document)
  const entries = leaves.map(({ account, total }) => ({ account, total: BigInt(total) }))
  const tree = rewardTree(entries)
  for (const { account, total } of entries)
    await network.asCouncil('rewardPool', 'claim', account, total, tree.proof(account))
}

const network = await CustodyNetwork.twoOfThree()
try {
  const trainer = await approvedTrainer(network)
  const owner = await person()
  const measured: { custodian: number; receipt: number; shares: number; bare: number }[] = []
  for (let round = 0; round <= rounds; round++) {
    const files = await Promise.all(Array.from({ length: datasets }, () => sealedFor(network, owner)))
    await contributeBatch(network, files)
    const { receipt, shares } = await releaseSeconds(network, trainer, files)
    const bare = await bareShares(network, files)
    // The first round warms both processes up.
    if (round > 0) measured.push({ custodian: receipt + shares, receipt, shares, bare })
  }
  await restOfTheCalls(network, trainer)
  const gas = await gasByCall(network)
  console.log(JSON.stringify({ datasets, rounds: measured, gas }))
} finally {
  await network.stop()
}
