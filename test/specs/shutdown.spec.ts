import { randomBytes } from 'node:crypto'
import { request as ask } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { contributeBytes, newContributor } from '../support/actors.js'
import { type Replica, startReplica } from '../support/replica.js'
import { beginUpload, sealText, signIn } from '../support/rest.js'
import { sql } from '../support/tables.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// SIGTERM: not ready, then what is under way finishes within its time, then the end. A second one ends at once.

let world: World
let content: string
const SIZE = 24_000_000

beforeAll(async () => {
  world = sharedWorld()
  const alice = await newContributor(world)
  const pool = await world.createPool()
  const { id } = await contributeBytes(alice, randomBytes(SIZE), {
    pool,
    purposes: ['fine-tuning'],
    expires: null,
  })
  content = `/v1/datasets/${id}/content`
})

let replica: Replica | undefined
afterAll(async () => {
  await replica?.stop('SIGKILL')
  world?.close()
})

/** A download that takes nothing before `go` is called. */
function slowDownload(url: string) {
  let size = 0
  let go: () => void = () => {}
  const begun = new Promise<void>((resolve, reject) => {
    ask(url, (answer) => {
      answer.pause()
      go = () => void answer.resume()
      answer.on('data', (chunk) => {
        size += chunk.length
      })
      answer.on('error', () => {})
      answer.once('close', () => ended(answer.complete))
      resolve()
    })
      .on('error', reject)
      .end()
  })
  let ended: (complete: boolean) => void = () => {}
  const end = new Promise<boolean>((resolve) => {
    ended = resolve
  })
  return { begun, go: () => go(), complete: end, size: () => size }
}

const notReady = async (url: string) => {
  const answer = await fetch(`${url}/readyz`).catch(() => undefined)
  return answer?.status === 503 && (await answer.json()).code === 'SHUTTING_DOWN'
}

describe('the API, told to stop', () => {
  it('says that it is not ready while it goes on, and finishes a slow download', async () => {
    replica = await startReplica(world, { SHUTDOWN_DELAY_SECONDS: '5' })
    const download = slowDownload(replica.url + content)
    await download.begun
    const stopped = replica.stop()
    await waitFor('readyz to say so', () => notReady(replica!.url))
    expect((await fetch(`${replica.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${replica.url}/v1/pools`)).status).toBe(200)
    // Then nobody new is let in, while the download still goes on.
    await waitFor('its end for others', () =>
      fetch(`${replica!.url}/healthz`).then(
        () => false,
        () => true,
      ),
    )
    download.go()
    expect(await download.complete).toBe(true)
    expect(download.size()).toBeGreaterThan(SIZE)
    expect(await stopped).toBe(0)
    expect(replica.said()).toContain('"stopped"')
  })

  it('takes the rest of an upload that is under way', async () => {
    replica = await startReplica(world)
    const alice = await newContributor(world)
    const token = await signIn(world, alice.wallet)
    const sealed = await sealText(alice, 'what is under way is finished '.repeat(100_000))
    const { headers } = await beginUpload(world, token, sealed.bytes.length, sealed.cid)
    const path = new URL(headers.get('location')!, `${world.api}/v1/uploads/`).pathname
    const half = sealed.bytes.length >> 1
    let finish = () => {}
    const answered = new Promise<number>((resolve, reject) => {
      const patch = ask(
        replica!.url + path,
        {
          method: 'PATCH',
          headers: {
            authorization: `Bearer ${token}`,
            'tus-resumable': '1.0.0',
            'upload-offset': '0',
            'content-type': 'application/offset+octet-stream',
            'content-length': String(sealed.bytes.length),
          },
        },
        (answer) => resolve(answer.resume().statusCode ?? 0),
      )
      patch.on('error', reject)
      patch.write(sealed.bytes.subarray(0, half))
      finish = () => void patch.end(sealed.bytes.subarray(half))
    })
    const id = path.split('/').at(-1)
    await waitFor('its first leaf', async () => {
      const [row] = await sql(world.facts.databaseUrl, `SELECT "offset" FROM "Upload" WHERE "id" = '${id}'`)
      return Number(row?.offset) > 0
    })
    replica.process.kill('SIGTERM')
    await waitFor('the signal', () => replica!.said().includes('"stopping"'))
    finish()
    expect(await answered).toBe(204)
    expect(await replica.exited).toBe(0)
  })

  it('cuts what takes longer than it may, and still ends in order', async () => {
    replica = await startReplica(world, { SHUTDOWN_SECONDS: '1' })
    const download = slowDownload(replica.url + content)
    await download.begun
    const began = Date.now()
    expect(await replica.stop()).toBe(0)
    // Unless told otherwise it waits for half a minute.
    expect(Date.now() - began).toBeLessThan(20_000)
    expect(await Promise.race([download.complete, sleep(2_000, false)])).toBe(false)
    expect(replica.said()).toContain('is cut')
  })

  it('ends at once at the second signal', async () => {
    replica = await startReplica(world, { SHUTDOWN_SECONDS: '600' })
    const download = slowDownload(replica.url + content)
    await download.begun
    replica.process.kill('SIGTERM')
    await waitFor('the first', async () => replica!.said().includes('"stopping"'))
    expect(await replica.stop('SIGINT')).toBe(1)
  })

  it('gives its leases back, so that another goes on at once', async () => {
    replica = await startReplica(world)
    await sleep(500)
    expect(await replica.stop()).toBe(0)
    expect(replica.said()).not.toMatch(/"level":(50|60)/)
  })
})
