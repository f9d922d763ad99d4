import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createHttp } from './http.js'

let server: Server | undefined
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
  server = undefined
})

/** A server that answers with these statuses, one after the other; the last one for good. */
async function serve(...answers: { status: number; body: string; delay?: number }[]) {
  const requests: { method?: string; id?: string }[] = []
  server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)]!
    requests.push({ method: request.method, id: request.headers['x-request-id'] as string })
    setTimeout(() => {
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(answer.body)
    }, answer.delay ?? 0).unref()
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests }
}

const problem = (code: string) => JSON.stringify({ type: 'about:blank', title: 't', status: 400, code })

describe('createHttp', () => {
  it("throws the server's own code", async () => {
    const { url } = await serve({ status: 403, body: problem('TRAINER_NOT_APPROVED') })
    await expect(createHttp(fetch).json(url)).rejects.toMatchObject({
      code: 'TRAINER_NOT_APPROVED',
      status: 403,
    })
  })
  it('repeats what may be repeated, under a request id', async () => {
    const { url, requests } = await serve(
      { status: 503, body: problem('SERVICE_UNAVAILABLE') },
      { status: 200, body: '{"a":1}' },
    )
    expect(await createHttp(fetch).json(url)).toEqual({ a: 1 })
    expect(requests).toHaveLength(2)
    expect(requests[0]!.id).toMatch(/^[0-9a-f-]{36}$/)
  })
  it('sends a POST once, unless it is said to be repeatable', async () => {
    const { url, requests } = await serve({ status: 503, body: problem('SERVICE_UNAVAILABLE') })
    await expect(createHttp(fetch).json(url, { method: 'POST', body: {} })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    })
    expect(requests).toHaveLength(1)
  })
  it('gives up on an answer that does not come', async () => {
    const { url } = await serve({ status: 200, body: '{}', delay: 5_000 })
    await expect(createHttp(fetch).json(url, { method: 'POST', timeout: 50 })).rejects.toMatchObject({
      code: 'UNREACHABLE',
    })
  })
  it('gives up on an answer that begins and does not end', async () => {
    server = createServer((_, response) => response.writeHead(200).write('{"a":'))
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await expect(createHttp(fetch).json(url, { method: 'POST', timeout: 50 })).rejects.toMatchObject({
      code: 'UNREACHABLE',
    })
  })
  it('says so when nobody listens or the answer is not JSON', async () => {
    const { url } = await serve({ status: 200, body: '<html>' })
    await expect(createHttp(fetch).json(url)).rejects.toMatchObject({ code: 'ANSWER_INVALID' })
    await expect(createHttp(fetch).json('http://127.0.0.1:9/', { method: 'POST' })).rejects.toMatchObject({
      code: 'UNREACHABLE',
    })
  })
})
