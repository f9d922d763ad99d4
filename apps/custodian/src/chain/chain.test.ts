import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bytesToHex, type Hex } from '@granary/protocol'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { Call } from './call.js'
import { Chain } from './chain.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const hash = (block: number, fork = 0): Hex => bytesToHex(new Uint8Array(32).fill(block + 16 * fork))
const call: Call<string> = {
  to: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  data: '0x12345678',
  decode: (returned) => returned,
}

/** Somebody else's node: at `head`, on a fork, answering calls with `told` (null = revert), or silent. */
interface Node {
  head: number
  fork?: number
  told?: Hex | null
  toldLatest?: Hex
  time?: number
  chainId?: number
}

async function endpoint(node: Node | 'silent'): Promise<string> {
  const server = createServer((request, response) => {
    if (node === 'silent') return request.socket.destroy()
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const messages = JSON.parse(body)
      const answers = [messages]
        .flat()
        .map(({ id, ...asked }) => ({ jsonrpc: '2.0', id, ...answer(node, asked) }))
      response.end(JSON.stringify(Array.isArray(messages) ? answers.reverse() : answers[0]))
    })
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function answer(node: Node, { method, params }: { method: string; params: unknown[] }) {
  const { head, fork = 0, told = '0x01', toldLatest = told, time = 1_000, chainId = 5 } = node
  if (method === 'eth_chainId') return { result: `0x${chainId.toString(16)}` }
  if (method === 'eth_getBlockByNumber') {
    const number = params[0] === 'latest' ? head : params[0] === 'finalized' ? head - 4 : Number(params[0])
    if (number > head) return { result: null }
    return {
      result: {
        number: `0x${number.toString(16)}`,
        hash: hash(number, fork),
        timestamp: `0x${time.toString(16)}`,
      },
    }
  }
  const at = params[1] as 'latest' | { blockHash: Hex }
  const value = at === 'latest' ? toldLatest : told
  return value === null
    ? { error: { code: 3, message: 'execution reverted', data: '0x' } }
    : { result: value }
}

async function chain(nodes: (Node | 'silent')[], confirmations: number | 'finalized' = 2, quorum = 2) {
  return new Chain({ urls: await Promise.all(nodes.map(endpoint)), quorum, confirmations })
}

describe('reading the chain through three endpoints, two of which must agree', () => {
  it('takes the newest block that two of them have confirmed', async () => {
    expect((await (await chain([{ head: 9 }, { head: 7 }, { head: 3 }])).view()).block.number).toBe(5)
    expect((await (await chain([{ head: 9 }, { head: 7 }, 'silent'])).view()).block.number).toBe(5)
    expect(
      (await (await chain([{ head: 9 }, { head: 9 }, { head: 9 }], 'finalized')).view()).block.number,
    ).toBe(5)
  })

  it('believes what two of them say of what permits, whatever the third one says', async () => {
    const view = await (await chain([{ head: 9, told: '0xbad0' }, { head: 9 }, { head: 9 }])).view()
    expect(await view.confirmed([call])).toEqual(['0x01'])
  })

  it('believes nobody when all say different things, or are on different forks', async () => {
    const view = await (await chain([{ head: 9, told: '0x02' }, { head: 9, told: null }, { head: 9 }])).view()
    await expect(view.confirmed([call])).rejects.toMatchObject({ code: 'CHAIN_DISAGREES' })
    const forks = await chain([{ head: 9, fork: 1 }, { head: 9, fork: 2 }, { head: 9 }])
    await expect(forks.view()).rejects.toMatchObject({ code: 'CHAIN_DISAGREES' })
  })

  it('stops while only one of them answers', async () => {
    const alone = await chain(['silent', 'silent', { head: 9 }])
    await expect(alone.view()).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' })
  })

  it('shows what each says at its latest block, so that one suffices to forbid', async () => {
    const view = await (await chain([{ head: 9 }, { head: 9, toldLatest: '0x04' }, 'silent'])).view()
    expect(await view.latest([call, call])).toEqual([
      ['0x01', '0x01'],
      ['0x04', '0x04'],
    ])
  })

  it('takes a revert for an answer', async () => {
    const view = await (await chain([{ head: 9, told: null }, { head: 9, told: null }, { head: 9 }])).view()
    expect(await view.confirmed([call])).toEqual([null])
  })

  it('counts time by the later of clock and newest block', async () => {
    const now = Math.floor(Date.now() / 1000)
    const early = await (await chain([{ head: 9 }, { head: 9 }, { head: 9 }])).view()
    expect(early.time).toBeGreaterThanOrEqual(now)
    const late = await (await chain([{ head: 9 }, { head: 9 }, { head: 9, time: now + 500 }])).view()
    expect(late.time).toBe(now + 500)
  })

  it('refuses an endpoint of another chain', async () => {
    const mixed = await chain([{ head: 9 }, { head: 9 }, { head: 9, chainId: 1 }])
    await expect(mixed.checkChainId(5)).rejects.toMatchObject({ code: 'NETWORK_MISMATCH' })
  })
})
