import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { JsonRpcProvider, Wallet } from 'ethers'
import { isSignedBy } from './signer.js'

const alice = new Wallet(`0x${'11'.repeat(32)}`)
const wallet = '0x000000000000000000000000000000000000dEaD'
const TEXT = 'a sign-in text'
let server: Server | undefined
let provider: JsonRpcProvider | undefined

interface Asked {
  method: string
  params: [{ to?: string; data: string; gas: string }, string]
}

/** A node that answers every call so; null = it hangs up. */
async function node(answer: object | null): Promise<{ provider: JsonRpcProvider; asked: Asked[] }> {
  const asked: Asked[] = []
  server = createServer(async (request, response) => {
    if (answer === null) return void request.socket.destroy()
    let body = ''
    for await (const chunk of request) body += chunk
    const { id, ...call } = JSON.parse(body)
    asked.push(call)
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
  })
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  provider = new JsonRpcProvider(url, 31_337, { staticNetwork: true, cacheTimeout: -1 })
  return { provider, asked }
}

afterEach(async () => {
  provider?.destroy()
  server?.closeAllConnections()
  await new Promise((done) => server?.close(done) ?? done(undefined))
})

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => null,
    (error: { code?: string }) => error.code,
  )

describe('whether an account signed a sign-in text', () => {
  it('is no where the check fails, whatever the node calls that', async () => {
    for (const error of [
      { code: 3, message: 'execution reverted', data: '0x' },
      { code: -32_000, message: 'out of gas' },
      { code: -32_603, message: 'EVM error OutOfGas' },
    ]) {
      const { provider } = await node({ error })
      expect(await isSignedBy(provider, wallet, TEXT, '0x01')).toBe(false)
      provider.destroy()
      server?.close()
    }
  })

  it.each(['0x', '0x00', '0x02', '0x0101', `0x${'0'.repeat(63)}1`])(
    'is no when it answers %s',
    async (result) => {
      expect(await isSignedBy((await node({ result })).provider, wallet, TEXT, '0x01')).toBe(false)
    },
  )

  it('is not known while the node does not answer, or asks for patience', async () => {
    const { provider } = await node(null)
    expect(await codeOf(isSignedBy(provider, wallet, TEXT, '0x01'))).toBe('CHAIN_UNAVAILABLE')
    provider.destroy()
    server?.close()
    const busy = await node({ error: { code: -32_005, message: 'request limit reached' } })
    expect(await codeOf(isSignedBy(busy.provider, wallet, TEXT, '0x01'))).toBe('CHAIN_UNAVAILABLE')
  })

  it('is asked without a receiver, with a limit on gas', async () => {
    const { provider, asked } = await node({ result: '0x01' })
    expect(await isSignedBy(provider, wallet, TEXT, '0x01')).toBe(true)
    const [{ method, params } = { method: '', params: undefined }] = asked
    expect(method).toBe('eth_call')
    expect(params?.[0]).not.toHaveProperty('to')
    expect(Number(params?.[0].gas)).toBe(3_000_000)
    expect(params?.[1]).toBe('latest')
  })

  it('is not asked of the chain when its key signed', async () => {
    const { provider, asked } = await node(null)
    expect(await isSignedBy(provider, alice.address, TEXT, await alice.signMessage(TEXT))).toBe(true)
    expect(asked).toEqual([])
  })
})
