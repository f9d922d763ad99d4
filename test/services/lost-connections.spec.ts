import { createHash } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import pg from 'pg'
import { ApiNetwork, type ApiProcess } from '../support/api-network.js'
import { until } from '../support/custody.js'
import { type Accepted, apply, onChain, relayOf } from '../support/relay-work.js'

// Connections to PostgreSQL that are reset in the middle of a transaction: who asked is told, and the API goes on.

let network: ApiNetwork
let server: Server
let api: ApiProcess
const open = new Set<Socket>()

/** Stands before the database. */
async function standBefore(url: URL): Promise<string> {
  server = createServer((client) => {
    const database = connect(Number(url.port), url.hostname)
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      one.pipe(other)
      one.on('error', () => {})
      one.on('close', () => other.destroy())
    }
    open.add(client)
    client.on('close', () => open.delete(client))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const there = new URL(url)
  there.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return there.href
}
const reset = () => {
  for (const socket of open) socket.resetAndDestroy()
}

beforeAll(async () => {
  if (!process.env.GRANARY_TEST_DATABASE_URL) throw new Error('GRANARY_TEST_DATABASE_URL must be set')
  network = await ApiNetwork.start()
  api = await network.startApi({ DATABASE_URL: await standBefore(new URL(network.databaseUrl)) })
})
afterAll(async () => {
  await network?.end()
  reset()
  server?.close()
})

describe('a connection that is reset while a message is being queued', () => {
  it('is told to who asked, and the same message comes through afterwards, once', async () => {
    const trent = new Wallet(Wallet.createRandom().privateKey)
    // The message waits for its account's turn, which somebody else has.
    const turn = createHash('sha256').update(`relay ${trent.address}`).digest().readBigInt64BE()
    const other = new pg.Client({ connectionString: network.databaseUrl })
    await other.connect()
    try {
      await other.query('BEGIN')
      await other.query('SELECT pg_advisory_xact_lock($1)', [String(turn)])
      const asked = apply(network, api, trent).then(
        () => 'accepted',
        (error: Error) => error.message,
      )
      await until(async () => {
        const { rows } = await other.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()`,
        )
        return rows.length > 0
      }, 'the message to wait')
      reset()
      expect(await asked).toMatch(/^503 .*DATABASE_UNAVAILABLE/)
    } finally {
      await other.end()
    }

    let relay: Accepted | undefined
    await until(async () => {
      relay = await apply(network, api, trent).catch(() => undefined)
      return relay !== undefined
    }, 'the database to be there')
    await until(async () => (await relayOf(api, relay!)).status === 'confirmed', 'the message on chain')
    expect((await onChain(network)).get(trent.address)).toBe(1)
  })
})
