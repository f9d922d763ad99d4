import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  contributionFlags,
  documentDigest,
  messageToJson,
  parseDeployment,
  purposesToBits,
  signMessage,
} from '@granary/protocol'
import { createClient, memorySpool, sealSource } from '@granary/sdk'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import { Wallet } from 'ethers'
import { ask, askJson, keptConnections } from './http.mjs'
import { signIn } from './sign-in.mjs'

const FILE_BYTES = 4_096
const LIFETIME_SECONDS = 3_600
/** How often somebody who waits for a contribution asks, as the SDK does. */
const POLL_MS = 250
const WAIT_MS = 60_000
const TUS = { 'tus-resumable': '1.0.0' }

let prepared = []

/** Wallets with a session each, and `files` sealed files for each of them: what people do before they press the button. */
export async function prepare({ base, api, people, files }) {
  prepared = []
  const recipient = await identityToRecipient(generateIdentity())
  const target = await createClient({ api, signer: Wallet.createRandom() }).sealingTarget()
  const agent = keptConnections(4)
  for (let i = 0; i < people; i++) {
    const wallet = new Wallet(Wallet.createRandom().privateKey)
    const { token } = await signIn(agent, base, wallet)
    const sealed = []
    for (let n = 0; n < files; n++)
      sealed.push(await sealOne(recipient, { ...target, owner: wallet.address }))
    prepared.push({ wallet, token, sealed })
  }
  agent.destroy()
  return { files: people * files }
}

async function sealOne(recipient, target, bytes = FILE_BYTES) {
  const spool = memorySpool()
  const source = { name: 'x', type: '', size: bytes, stream: () => new Blob([randomBytes(bytes)]).stream() }
  const { cid, content, rawRoot } = await sealSource({ source, recipient, target, spool })
  const blob = await spool.source()
  return { bytes: Buffer.from(await blob.arrayBuffer()), cid, content, rawRoot }
}

/**
 * Everybody uploads, signs, posts and waits until the dataset is in the catalogue, then takes the next file; for
 * `seconds`, or until the files are used up.
 *
 * @returns the milliseconds of each step, and when (ms since the start) each dataset was in the catalogue
 */
export async function contributeAll({ base, deployment: text, seconds, pool }) {
  const deployment = parseDeployment(text)
  const agent = keptConnections(prepared.length)
  const started = performance.now()
  const end = started + seconds * 1000
  const steps = { upload: [], accepted: [], relayed: [], listed: [] }
  const arrivals = []
  const work = async ({ wallet, token, sealed }) => {
    for (const file of sealed.splice(0)) {
      if (performance.now() >= end) return
      const times = await contributeOne({ agent, base, deployment, wallet, token, file, pool })
      for (const [name, ms] of Object.entries(times)) steps[name].push(ms)
      arrivals.push(performance.now() - started)
    }
  }
  await Promise.all(prepared.map(work))
  agent.destroy()
  return { steps, arrivals, seconds: (performance.now() - started) / 1000 }
}

/** The milliseconds of each of its steps. */
async function contributeOne({ agent, base, deployment, wallet, token, file, pool }) {
  const headers = { authorization: `Bearer ${token}` }
  const times = {}
  let before = performance.now()
  const step = (name) => {
    times[name] = performance.now() - before
    before = performance.now()
  }
  await upload(agent, base, headers, file)
  step('upload')
  const body = await contributionOf(deployment, wallet, file, pool)
  const { id, relay } = await askJson(agent, base, { method: 'POST', path: '/v1/datasets', headers, body })
  step('accepted')
  await until(async () => {
    const { status, code } = await askJson(agent, base, { path: `/v1/relays/${relay}` })
    if (status === 'refused') throw new Error(`a contribution was refused: ${code}`)
    return status === 'confirmed'
  })
  step('relayed')
  await until(async () => (await ask(agent, base, { path: `/v1/datasets/${id}` })).status === 200)
  step('listed')
  return times
}

async function upload(agent, base, headers, { bytes, cid }) {
  const begun = await ask(agent, base, {
    method: 'POST',
    path: '/v1/uploads',
    headers: {
      ...headers,
      ...TUS,
      'content-length': '0',
      'upload-length': String(bytes.length),
      'upload-metadata': `cid ${Buffer.from(cid).toString('base64')}`,
    },
  })
  if (begun.status !== 201) throw new Error(`an upload was answered with ${begun.status} ${begun.body}`)
  const path = new URL(begun.headers.location, base).pathname
  const type = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' }
  const sent = await ask(agent, base, {
    method: 'PATCH',
    path,
    headers: { ...headers, ...TUS, ...type },
    body: bytes,
  })
  if (sent.status !== 204) throw new Error(`an upload was answered with ${sent.status} ${sent.body}`)
}

async function contributionOf(deployment, wallet, { content, rawRoot }, pool) {
  const metadata = {
    version: 'granary/metadata/v1',
    title: 'Steps of a day',
    description: '',
    mediaType: 'text/csv',
    size: FILE_BYTES,
    license: '',
  }
  const message = {
    owner: wallet.address,
    content,
    metadata: (await documentDigest(metadata)).digest,
    pool,
    purposes: purposesToBits(['fine-tuning']),
    expires: 0,
    flags: contributionFlags({ ask: false, rawRoot }),
    deadline: BigInt(Math.floor(Date.now() / 1000) + LIFETIME_SECONDS),
  }
  const signature = await signMessage(wallet, 'Contribution', message, deployment)
  return { contribution: messageToJson('Contribution', message), signature, metadata }
}

async function until(isSo) {
  for (const end = performance.now() + WAIT_MS; !(await isSo()); await sleep(POLL_MS))
    if (performance.now() > end) throw new Error('a contribution took more than a minute')
}
