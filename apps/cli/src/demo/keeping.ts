import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GranaryError, type Hex } from '@granary/protocol'
import { readArchive } from '@granary/sdk'
import { archiveFile, archiveSource } from '@granary/sdk/node'
import type { Contributor } from './actors.js'
import { eventually } from './evidence.js'
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
  const answer = await fetch(`${api}/ipfs/${cid}?format=raw`, { signal: AbortSignal.timeout(10_000) })
  const { code } = (await answer.json()) as { code?: string }
  report.check(`its blocks are asked for: ${answer.status} ${code}`, code === 'CONTENT_ERASED')
}

/** Everything that somebody owns as one archive, read back whole. */
export async function takeAway(who: Contributor, folder: string, report: Report): Promise<void> {
  const path = join(folder, `${who.name}.tar`)
  const file = await archiveFile(path)
  const done = await who.client.export({ sink: file.sink })
  await file.commit()
  report.fact(path, `${done.datasets} datasets, ${done.settlements} settlements`)
  const read = await readArchive(await archiveSource(path))
  report.check(
    'every block fits its CID, every record its digest',
    read.datasets.length === done.datasets && done.datasets > 0,
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
