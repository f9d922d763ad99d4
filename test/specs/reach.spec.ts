import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { computeCid, type NetworkResource } from '@granary/protocol'
import { createClient, memorySpool } from '@granary/sdk'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import { commandLine } from '../support/command-line.js'
import { type LyingApi, startLyingApi } from '../support/lying-api.js'
import { sharedWorld, waitFor } from '../support/world.js'

// Whatever API or chain name, SDK and command line go nowhere that their user did not choose: not to this machine, not to
// its neighbours. What stands there only counts whether somebody came.

const REMOTE = 'https://granary.example'
const world = sharedWorld()
let visits: string[]
let trap: Server
let trapUrl: string
let lying: LyingApi
/** An API of Mallory's, which answers as a test has it. */
let answer: (path: string, response: ServerResponse) => void
let mallory: Server
let mallorys: string

const listening = async (server: Server) => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const network = () => fetch(`${world.api}/v1/network`).then((told) => told.json() as Promise<NetworkResource>)

beforeAll(async () => {
  visits = []
  trap = createServer((request, response) => {
    visits.push(`${request.method} ${request.url}`)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  mallory = createServer((request, response) => {
    request.resume()
    answer(request.url ?? '', response)
  })
  ;[trapUrl, mallorys] = [await listening(trap), await listening(mallory)]
  lying = await startLyingApi(world.api)
})
afterAll(async () => {
  for (const server of [trap, mallory]) {
    server?.closeAllConnections()
    await new Promise((done) => server?.close(done))
  }
  await lying?.end()
})

/** A client of an API somewhere on the internet; its calls arrive at `url`. */
const remote = (url: string, more = {}) =>
  createClient({
    api: REMOTE,
    deployment: world.deployment,
    fetch: (input, init) => {
      const to = String(input)
      return fetch(to.startsWith(REMOTE) ? url + to.slice(REMOTE.length) : to, init)
    },
    ...more,
  })
const code = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) => error.code,
  )

describe('the SDK, with an API on the internet', () => {
  it('does not call custodians at addresses of this machine, though the chain names them', async () => {
    const client = remote(world.api, { rpc: world.rpc })
    expect(await code(client.settle())).toBe('URL_REFUSED')
  })

  it('does not ask an endpoint of the chain that the API names', async () => {
    lying.tell((truth) => ({ ...truth, rpcUrl: trapUrl, committee: null }))
    expect(await code(remote(lying.url).chain())).toBe('CHAIN_UNAVAILABLE')
    expect(visits).toEqual([])
  })

  it('follows no redirect', async () => {
    answer = (path, response) => response.writeHead(307, { location: `${trapUrl}${path}` }).end()
    expect(await code(remote(mallorys).pools.list())).toBe('UNREACHABLE')
    expect(visits).toEqual([])
  })
})

describe('the SDK, with an API on this machine', () => {
  it('does not ask an endpoint of the chain elsewhere that the API names', async () => {
    lying.tell((truth) => ({ ...truth, rpcUrl: 'http://169.254.169.254/latest', committee: null }))
    expect(await code(createClient({ api: lying.url }).chain())).toBe('CHAIN_UNAVAILABLE')
  })

  it('sends an upload, and the session with it, to nobody but the API', async () => {
    const bytes = Buffer.from('rye')
    const { cid } = await computeCid([bytes])
    const spool = memorySpool()
    const writer = (await spool.writable()).getWriter()
    await writer.write(new Uint8Array(bytes))
    await writer.close()
    const facts = await network()
    answer = (path, response) => {
      if (path === '/v1/network') response.writeHead(200).end(JSON.stringify(facts))
      else response.writeHead(201, { location: `${trapUrl}/v1/uploads/1`, 'tus-resumable': '1.0.0' }).end()
    }
    const client = createClient({ api: mallorys, session: 'secret', signer: Wallet.createRandom() })
    expect(await code(client.upload({ spool, cid, size: bytes.length }))).toBe('URL_REFUSED')
    expect(visits).toEqual([])
  })
})

describe('the command line', () => {
  it('calls no custodian on this machine when its user says that nothing here may be called', async () => {
    const careful = commandLine(world, { OUTGOING_ALLOW: 'none' })
    const refused = await careful.run(undefined, 'settle')
    expect([refused.code === 0, refused.json?.error?.code]).toEqual([false, 'URL_REFUSED'])
    careful.remove()
    const usual = commandLine(world)
    // Custodians that settle by themselves at this moment let nobody else do it.
    await waitFor('custodians to be called', async () => (await usual.run(undefined, 'settle')).code === 0)
    usual.remove()
  })
})
