import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { createClient, memorySpool } from '@granary/sdk'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import { JsonRpcProvider, Wallet } from 'ethers'
import { startNetwork } from '../apps/cli/dist/demo/network.js'

/** Transactions that one time round the loop needs: contribution, request, settlement, claim. */
const TRANSACTIONS = 4
const TRANSFERS = 5

/**
 * One file of `bytes` all the way round on an embedded network of its own, `rounds` times after one that is not counted:
 * seconds of each phase. Beside it a bare transfer on the same chain, sent and awaited.
 */
export async function measureLoop(bytes, rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'granary-bench-'))
  let network
  let provider
  try {
    const begun = performance.now()
    network = await startNetwork(join(folder, 'network'), join(folder, 'log'))
    const start = (performance.now() - begun) / 1000
    provider = new JsonRpcProvider(network.rpcUrl, 31_337, { staticNetwork: true, cacheTimeout: -1 })
    provider.pollingInterval = 50
    const people = await cast(network.apiUrl)
    const phases = []
    for (let round = 0; round <= rounds; round++) {
      const measured = await once(people, bytes)
      if (round > 0) phases.push(measured)
    }
    return { start, phases, transfers: await transfers(provider), transactions: TRANSACTIONS }
  } finally {
    provider?.destroy()
    await network?.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function cast(api) {
  const client = (role) => {
    const { privateKey, address } = DEVELOPMENT_ACCOUNTS().find((account) => account.role === role)
    return { address, client: createClient({ api, signer: new Wallet(privateKey) }) }
  }
  const [alice, trent, council] = ['contributor', 'trainer', 'council'].map(client)
  await trent.client.trainers.apply({ name: 'Trent', description: 'measures' })
  await council.client.council.approve(trent.address)
  const identity = generateIdentity()
  return { alice, trent, identity, recipient: await identityToRecipient(identity) }
}

async function once({ alice, trent, identity, recipient }, bytes) {
  const plaintext = randomBytes(bytes)
  const phases = {}
  let started = performance.now()
  const phase = (name) => {
    const now = performance.now()
    phases[name] = (now - started) / 1000
    started = now
  }
  const contributed = await alice.client.contribute({
    source: {
      name: 'file.bin',
      type: 'application/octet-stream',
      size: bytes,
      stream: () => new Blob([plaintext]).stream(),
    },
    pool: 1,
    purposes: ['fine-tuning'],
    identity: { recipient },
    spool: memorySpool(),
    onProgress({ phase: name, done, total }) {
      if (done === total && name !== 'registering') phase(name)
    },
  })
  phase('registering')
  const opened = await trent.client.requests.open({
    pool: 1,
    purposes: ['fine-tuning'],
    recipient,
    datasets: [contributed.id],
  })
  phase('requesting')
  const sink = memorySink()
  const { files, failed } = await trent.client.fetch(opened.request, { identity, sink })
  if (files.length !== 1) throw new Error(JSON.stringify(failed))
  phase('fetching')
  if (!Buffer.concat(sink.parts).equals(plaintext)) throw new Error('other bytes came back')
  started = performance.now()
  await until(async () => {
    await trent.client.settle()
    const { spent } = await trent.client.requests.get(opened.request)
    return BigInt(spent) > 0n
  })
  phase('settling')
  await until(async () => BigInt((await alice.client.rewards.get(alice.address)).claimable) > 0n)
  await alice.client.rewards.claim(alice.address)
  phase('claiming')
  return phases
}

function memorySink() {
  const parts = []
  return {
    parts,
    open: async () => ({
      writable: new WritableStream({ write: (chunk) => void parts.push(chunk.slice()) }),
      commit: async () => {},
      discard: async () => {},
    }),
  }
}

async function until(isSo) {
  const end = performance.now() + 60_000
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('waited a minute for the settlement')
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** Seconds from sending a transfer to its receipt. */
async function transfers(provider) {
  const { privateKey } = DEVELOPMENT_ACCOUNTS().find((account) => account.role === 'council')
  const wallet = new Wallet(privateKey, provider)
  const seconds = []
  for (let i = 0; i < TRANSFERS; i++) {
    const started = performance.now()
    await (await wallet.sendTransaction({ to: wallet.address, value: 1n })).wait()
    seconds.push((performance.now() - started) / 1000)
  }
  return seconds
}
