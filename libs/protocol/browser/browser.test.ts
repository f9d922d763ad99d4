import { spawnSync } from 'node:child_process'
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { launchChromium } from '../../../test/support/chromium.js'
import { type Hex, rewardTree } from '../src/index.js'
import { vectors } from '../testing/vectors.js'
import type { Inputs } from './page.js'

const here = dirname(fileURLToPath(import.meta.url))
const vite = join(here, '../../../node_modules/vite/bin/vite.js')
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' }

type Messages = Pick<Inputs, 'chainId' | 'verifyingContract' | 'privateKey'> & {
  messages: (Inputs['messages'][number] & { signature: Hex })[]
}
const { messages, ...signing } = vectors<Messages>('messages')
const { ids } = vectors<{ ids: (Inputs['ids'][number] & { id: Hex })[] }>('dataset-id')
const { manifests } = vectors<{ manifests: { datasets: Hex[]; root: Hex }[] }>('manifest')
const { files } = vectors<{ files: { size: number; cid: string }[] }>('cid')
const small = files.filter(({ size }) => size < 2 ** 24)
const rewards = ids
  .slice(0, 3)
  .map(({ owner }, i) => ({ account: owner, total: String(10n ** BigInt(18 + i)) }))
const accounts = rewards.filter(
  ({ account }, i) => rewards.findIndex((entry) => entry.account === account) === i,
)

describe('the protocol in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'granary-protocol-'))
  let server: Server | undefined

  beforeAll(() => {
    const built = spawnSync(process.execPath, [vite, 'build', '--outDir', folder], {
      cwd: here,
      encoding: 'utf8',
    })
    if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`)
    server = createServer((request, response) => {
      const name = request.url === '/' ? 'index.html' : normalize(new URL(request.url!, 'http://x').pathname)
      const file = join(folder, name)
      if (!existsSync(file)) return response.writeHead(404).end()
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
      createReadStream(file).pipe(response)
    })
    return new Promise<void>((done) => server!.listen(0, '127.0.0.1', done))
  }, 120_000)

  afterAll(async () => {
    await new Promise((done) => (server ? server.close(done) : done(undefined)))
    rmSync(folder, { recursive: true, force: true })
  })

  it('computes what the vectors say', async () => {
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      const problems: string[] = []
      page.on('pageerror', (error) => problems.push(String(error)))
      await page.goto(`http://127.0.0.1:${(server!.address() as AddressInfo).port}/`)
      await page.waitForFunction(() => 'computeProtocol' in globalThis)
      const inputs: Inputs = {
        ...signing,
        messages: messages.map(({ name, message }) => ({ name, message })),
        ids,
        sizes: small.map(({ size }) => size),
        manifests: manifests.map(({ datasets }) => datasets),
        rewards: accounts,
      }
      const results = await page.evaluate((given) => globalThis.computeProtocol(given), inputs)
      expect(problems).toEqual([])
      expect(results).toEqual({
        secure: true,
        signatures: messages.map(({ signature }) => signature),
        ids: ids.map(({ id }) => id),
        cids: small.map(({ cid }) => cid),
        pushed: small.map(({ cid }) => cid),
        roots: manifests.map(({ root }) => root),
        rewardRoot: rewardTree(accounts.map(({ account, total }) => ({ account, total: BigInt(total) })))
          .root,
        council: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
        refusal: 'DATASET_EXISTS',
      })
    } finally {
      await browser.close()
    }
  }, 300_000)
})
