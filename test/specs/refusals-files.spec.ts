import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hex } from '@granary/protocol'
import { memorySpool, type SealingTarget, sealSource } from '@granary/sdk'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, memorySink } from '../support/actors.js'
import { type Stage, setStage } from '../support/refusals.js'
import { codeOf, ledgers, refusalBy, spentOf } from '../support/releases.js'
import { sharedWorld } from '../support/world.js'

// Sealed files that are not what they were, or not whose they were: on the way in, in the store, on the way out.

const world = sharedWorld()
const text = (words: string) => new TextEncoder().encode(words)
let { pool, alice, mallory, trent, aDataset, anOrder } = {} as Stage
beforeAll(async () => {
  ;({ pool, alice, mallory, trent, aDataset, anOrder } = await setStage(world))
})

describe('an altered sealed file', () => {
  let count = 0
  /** Sealed, not yet uploaded. */
  async function sealed(target: SealingTarget, actor: Actor) {
    count += 1
    const spool = memorySpool()
    const bytes = text(`to be altered ${count}`)
    const source = { name: 'x', type: '', size: bytes.length, stream: () => new Blob([bytes]).stream() }
    const address = await sealSource({ source, recipient: actor.recipient, target, spool })
    const blob = (await spool.source()) as Blob
    return { ...address, source, bytes: new Uint8Array(await blob.arrayBuffer()) }
  }
  const spoolOf = (bytes: Uint8Array) => ({
    ...memorySpool(),
    source: async () => new Blob([bytes as Uint8Array<ArrayBuffer>]),
  })
  const terms = { purposes: ['evaluation'], expires: null }

  it('is not taken under the address of the true one', async () => {
    const { bytes, cid, size } = await sealed(await alice.client.sealingTarget(), alice)
    bytes[size - 1]! ^= 1
    expect(await codeOf(alice.client.upload({ spool: spoolOf(bytes), cid, size }))).toBe('CID_MISMATCH')
  })

  it('with a stanza made for another owner is not registered', async () => {
    // Mallory has Alice's sealed file, which anybody may download, and offers it as her own.
    const { bytes, cid, size, content, rawRoot, source } = await sealed(
      await alice.client.sealingTarget(),
      alice,
    )
    await mallory.client.upload({ spool: spoolOf(bytes), cid, size })
    const attempt = mallory.client.register({ ...terms, pool, source, content, rawRoot })
    expect(await codeOf(attempt)).toBe('STANZA_INVALID')
    for await (const _ of mallory.client.datasets.list({ owner: mallory.address }))
      throw new Error('it was registered')
  })

  it('that the store altered afterwards: custodians do not receipt it', async () => {
    const dataset = await aDataset()
    const { request, order } = await anOrder([dataset])
    const sealedBytes = await (await fetch(`${world.api}/v1/datasets/${dataset.id}/content`)).arrayBuffer()
    const undo = alterBlock(new Uint8Array(sealedBytes), 100)
    try {
      const before = await ledgers(world)
      expect(await refusalBy(world, await order())).toMatch(/^CONTENT_(ALTERED|UNAVAILABLE)$/)
      expect(await ledgers(world)).toEqual(before)
      expect(await spentOf(world, request)).toBe(0n)
    } finally {
      undo()
    }
  })

  it('that the store altered behind its header: the trainer keeps nothing of it', async () => {
    const bytes = new Uint8Array(2 * 1024 * 1024 + 500).fill(7)
    const dataset = await aDataset({ bytes })
    const opened = await trent.client.requests.open({
      pool,
      purposes: ['evaluation'],
      recipient: trent.recipient,
      datasets: [dataset.id as Hex],
    })
    const sealedBytes = new Uint8Array(
      await (await fetch(`${world.api}/v1/datasets/${dataset.id}/content`)).arrayBuffer(),
    )
    const undo = alterBlock(sealedBytes.subarray(1 << 20, 2 << 20), 5000)
    const sink = memorySink()
    try {
      const { files, failed } = await trent.client.fetch(opened.request, { identity: trent.identity, sink })
      expect(files).toEqual([])
      expect(failed).toHaveLength(1)
      expect(failed[0]!.code).toMatch(/^(CONTENT_ALTERED|CONTENT_UNAVAILABLE|PAYLOAD_ALTERED|UNREACHABLE)$/)
      expect(sink.files.size).toBe(0)
    } finally {
      undo()
    }
    expect((await trent.client.fetch(opened.request, { identity: trent.identity, sink })).failed).toEqual([])
  })

  /** Changes one byte of a stored block, past everybody, and returns what undoes it. */
  function alterBlock(block: Uint8Array, at: number): () => void {
    const folder = join(world.facts.dataDir, 'ipfs')
    const found = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .find((path) => statSync(path).size === block.length && readFileSync(path).equals(block))
    if (!found) throw new Error('no such block in the store')
    const altered = Buffer.from(block)
    altered[at]! ^= 1
    writeFileSync(found, altered)
    return () => writeFileSync(found, block)
  }
})
