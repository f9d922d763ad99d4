import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startNetwork } from './network.js'
import { createReport } from './report.js'
import { tellStory } from './story.js'

/** `npm run demo`: exit code 0 only when everything that the story claims held. Leaves nothing behind. */
const folder = await mkdtemp(join(tmpdir(), 'granary-demo-'))
const log = join(folder, 'network.log')
const report = createReport()
let stop = async () => {}

async function finish(code: number): Promise<never> {
  await stop()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void finish(130))

try {
  report.step('A fresh network on this machine')
  const started = Date.now()
  const network = await startNetwork(join(folder, 'network'), log)
  stop = network.stop
  report.fact('folder', folder)
  report.fact('API and web app', network.apiUrl)
  report.fact('chain', network.rpcUrl)
  report.fact('ready after', `${((Date.now() - started) / 1000).toFixed(1)} s`)
  await tellStory(network, folder, report)
  report.fact('', `All of it held, in ${((Date.now() - started) / 1000).toFixed(0)} s.`)
  await finish(0)
} catch (error) {
  const { code, message } = error as { code?: string; message: string }
  process.stderr.write(`\ndemo: ${message}${code ? ` (${code})` : ''}\n`)
  const tail = (await readFile(log, 'utf8').catch(() => '')).split('\n').slice(-20).join('\n')
  if (tail.trim()) process.stderr.write(`\nThe network's last lines:\n${tail}\n`)
  await finish(1)
}
