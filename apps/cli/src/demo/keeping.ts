import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GranaryError, type Hex, verifyConsentReceipt } from '@granary/protocol'
import { readArchive } from '@granary/sdk'
import { archivePart, archiveSource } from '@granary/sdk/node'
import type { Contributor } from './actors.js'
import { eventually, refusal } from './evidence.js'
import type { Report } from './report.js'

const GRANARY = fileURLToPath(new URL('../../bin/granary.js', import.meta.url))

/** A withdrawn file is erased, and whatever asks for it hears why it is gone. */
export async function erase(alice: Contributor, api: string, withdrawn: Hex, report: Report): Promise<void> {
  const { cid } = await alice.client.datasets.get(withdrawn)
  await alice.client.datasets.erase(withdrawn)
  const state = await eventually('the file erased', async () => {
    const { erasure } = await alice.client.datasets.storage(withdrawn)
    return erasure?.finished ? erasure.state : undefined
  })
  report.check(`the sealed file is ${state}`, state === 'erased')
  const answer = await fetch(`${api}/ipfs/${cid}?format=raw`, { signal: AbortSignal.timeout(60_000) })
  const { code } = (await answer.json()) as { code?: string }
  report.check(`its blocks are asked for: ${answer.status} ${code}`, code === 'CONTENT_ERASED')
}

/** Everything that somebody owns as one archive, read back whole. */
export async function takeAway(who: Contributor, folder: string, report: Report): Promise<void> {
  const path = join(folder, `${who.name}.tar`)
  const { part, commit } = await archivePart(path)
  const done = await who.client.export({ part })
  await commit()
  report.fact(path, `${done.datasets} datasets, ${done.settlements} settlements`)
  const read = await readArchive(await archiveSource(path))
  report.check(
    'every block fits its CID, every record its digest',
    read.datasets.length === done.datasets && done.datasets > 0,
  )
}

/** What somebody signed and earned, held against the signatures and the chain rather than believed. */
export async function checkOneself(
  who: Contributor,
  folder: string,
  dataset: Hex,
  report: Report,
): Promise<void> {
  const { bytes } = await who.client.consentReceipts.get(dataset)
  const path = join(folder, `${who.name}.consent.jsonld`)
  await writeFile(path, bytes)
  const receipt = await command<{ withdrawn: boolean; purposes: string[] }>(['receipt', 'verify', path])
  report.fact(path, `${receipt.purposes.join(', ')}${receipt.withdrawn ? ', withdrawn' : ''}`)
  report.check('the consent receipt holds without any network', receipt.withdrawn)
  const altered = new TextDecoder().decode(bytes).replaceAll('fine-tuning', 'pretraining')
  const code = await refusal(() => verifyConsentReceipt(new TextEncoder().encode(altered)))
  report.check(`one that says another purpose is refused: ${code}`, code === 'CONSENT_RECEIPT_ALTERED')
  const balance = await who.client.rewards.verify(who.address)
  report.check(
    `what she earned leads to the root of settlement ${balance.proof?.settlement} on chain`,
    balance.proof !== null,
  )
}

/** `granary reindex --check`: chain and IPFS alone give the tables that the API has. */
export async function compareTables(network: string, report: Report): Promise<void> {
  const { tables, differing } = await command<Compared>(['reindex', '--check', '--data', network])
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0)
  report.check(
    `${rows} rows in ${Object.keys(tables).length} tables are what chain and IPFS say`,
    rows > 0 && differing === 0,
  )
}

interface Compared {
  tables: Record<string, { rows: number }>
  differing: number
}

function command<T>(words: string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [GRANARY, ...words, '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) return resolve(JSON.parse(text) as T)
      reject(new GranaryError('INTERNAL', `granary ${words[0]} ended with ${code}: ${text.slice(0, 500)}`))
    })
  })
}
