import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { choosePorts } from './choose-ports.js'
import { reserve, reserveAny, reserveFrom } from './ports.js'

const open: { close(): unknown }[] = []

afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

function listen(port: number, host = '127.0.0.1'): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
    open.push(server)
  })
}

async function reserved(port = 0) {
  const reservation = await reserve(port)
  if (reservation) open.push({ close: reservation.release })
  return reservation
}

const choose = async (options: Partial<Parameters<typeof choosePorts>[0]>) => {
  const said: string[] = []
  const chosen = await choosePorts({
    kept: undefined,
    bound: false,
    port: 0,
    log: (line) => said.push(line),
    ...options,
  })
  open.push({ close: chosen.releaseAll })
  return { ...chosen, said }
}

describe('a reserved port', () => {
  it('is refused to everybody until it is released', async () => {
    const first = await reserved()
    expect(await reserve(first!.port)).toBeUndefined()
    await first!.release()
    expect(await reserved(first!.port)).toBeDefined()
  })

  it('is not one that somebody listens on, on all addresses either', async () => {
    const { port } = await reserveAny().then(async (one) => {
      await one.release()
      return one
    })
    await listen(port, '0.0.0.0')
    expect(await reserve(port)).toBeUndefined()
  })

  it('is the next free one when the first is taken', async () => {
    const first = await reserved()
    const next = await reserveFrom(first!.port)
    open.push({ close: next.release })
    expect(next.port).toBeGreaterThan(first!.port)
  })
})

describe('the ports of a start', () => {
  it('are those of the last start', async () => {
    const before = await choose({})
    await before.releaseAll()
    const after = await choose({ kept: before.ports, bound: true, port: undefined })
    expect(after.ports).toEqual(before.ports)
  })

  it('are refused when a custodian that is on chain has lost its own', async () => {
    const { ports, releaseAll } = await choose({})
    await releaseAll()
    await listen(ports.custodians[1]!)
    await expect(choose({ kept: ports, bound: true })).rejects.toMatchObject({ code: 'PORT_TAKEN' })
  })

  it('are refused when the port asked for is taken', async () => {
    const taken = await reserved()
    await expect(choose({ port: taken!.port })).rejects.toMatchObject({ code: 'PORT_TAKEN' })
  })

  it('move, and say so, where nobody depends on them', async () => {
    const { ports, releaseAll } = await choose({})
    await releaseAll()
    await listen(ports.database)
    const after = await choose({ kept: ports, bound: true })
    expect(after.ports.database).not.toBe(ports.database)
    expect(after.said).toEqual([expect.stringContaining(String(ports.database))])
  })
})
