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
  /** how many transactions of anybody it has seen, and one that it knows */
  count?: number
  receipt?: object
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
  const {
    head,
    fork = 0,
    told = '0x01',
    toldLatest = told,
    time = 1_000,
    chainId = 5,
    count = 0,
    receipt = null,
  } = node
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
  if (method === 'eth_getTransactionCount') return { result: `0x${count.toString(16)}` }
  if (method === 'eth_getTransactionReceipt') return { result: receipt }
  if (method === 'eth_getLogs') return { result: [`logs of the node at ${head}`] }
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
  it('is told by the next what the first does not know yet', async () => {
    const receipt = { status: '0x1' }
    const behind = await chain([{ head: 7 }, 'silent', { head: 9, receipt }])
    expect(await behind.any('eth_getTransactionReceipt', ['0x01'])).toEqual(receipt)
    const nobody = await chain(['silent', { head: 9 }, { head: 9 }])
    expect(await nobody.any('eth_getTransactionReceipt', ['0x01'])).toBeNull()
    const silent = await chain(['silent', 'silent', 'silent'])
    await expect(silent.any('eth_blockNumber', [])).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' })
  })

  it('reads events only from one that has the last of their blocks', async () => {
    const filter = { address: call.to, topics: [], from: 1, to: 8 }
    const behind = await chain([{ head: 7 }, 'silent', { head: 8 }])
    expect(await behind.logs(filter)).toEqual(['logs of the node at 8'])
    await expect(behind.logs({ ...filter, to: 9 })).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' })
  })

  it('counts its transactions as a quorum does, not as one that is behind or exaggerates', async () => {
    const counted = (...counts: number[]) => chain(counts.map((count) => ({ head: 9, count })))
    const ask = ['eth_getTransactionCount', [call.to, 'pending']] as [string, string[]]
    expect(await (await counted(4, 5, 5)).reached(...ask)).toBe(5n)
    expect(await (await counted(1_000, 5, 4)).reached(...ask)).toBe(5n)
    const alone = await chain(['silent', { head: 9, count: 5 }, 'silent'])
    await expect(alone.reached(...ask)).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' })
  })
})
