import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext } from 'playwright-core'
import { type Actor, newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { call, refusal, signIn } from '../support/rest.js'
import { openPage } from '../support/web.js'
import { sharedWorld, waitFor } from '../support/world.js'

// Alice is signed in by cookie. Mallory's page, open in the same browser, gains nothing by that: neither from another
// site nor from another port of this one, to which a browser sends even a SameSite=Strict cookie.

const world = sharedWorld()
let alice: Actor
let browser: Browser
let server: Server
let port: number

beforeAll(async () => {
  alice = await newContributor(world)
  browser = await launchChromium(['--host-resolver-rules=MAP evil.test 127.0.0.1'])
  const page = '<!doctype html><title>Mallory</title><iframe name="sink"></iframe>'
  server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page))
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  await browser?.close()
  server?.closeAllConnections()
  server?.close()
})

const cookieOf = (token: string) => `granary_session=${token}`

/** A browser in which Alice is signed in, with a page of Mallory's at an origin. */
async function atMallorys(origin: string) {
  const token = await signIn(world, alice.wallet)
  const page = await openPage(browser)
  const context = page.context() as BrowserContext
  await context.addCookies([
    { name: 'granary_session', value: token, url: world.api, httpOnly: true, sameSite: 'Strict' },
  ])
  const answers: Promise<string>[] = []
  page.on('response', (response) => {
    if (!response.url().startsWith(world.api)) return
    const request = response.request()
    const line = async ({ cookie }: Record<string, string>) =>
      `${request.method()} ${response.status()} ${cookie ? 'cookie' : 'bare'}`
    answers.push(request.allHeaders().then(line))
  })
  const ended: string[] = []
  page.on('requestfinished', (request) => ended.push(request.url()))
  page.on('requestfailed', (request) => ended.push(request.url()))
  await page.goto(`${origin}/`)
  return { page, token, answers, ended }
}

/** Whether the session is still there. */
const isSignedIn = async (token: string) =>
  (await call(world, 'GET', '/v1/auth/session', { headers: { cookie: cookieOf(token) } })).status === 200

describe.each([
  ['another site', () => `http://evil.test:${port}`],
  ['another port of the same site', () => `http://localhost:${port}`],
])("Mallory's page at %s", (_, origin) => {
  it('can neither sign Alice out nor read, nor send a form in her name', async () => {
    const { page, token, answers, ended } = await atMallorys(origin())
    const outcome = await page.evaluate(async (api) => {
      const attempt = async (path: string, init: RequestInit) => {
        try {
          const answer = await fetch(`${api}${path}`, { credentials: 'include', ...init })
          return answer.type === 'opaque' ? 'opaque' : `read ${answer.status}`
        } catch {
          return 'refused'
        }
      }
      const json = { 'content-type': 'application/json' }
      return {
        read: await attempt('/v1/auth/session', {}),
        signOut: await attempt('/v1/auth/session', { method: 'DELETE' }),
        json: await attempt('/v1/members', { method: 'POST', headers: json, body: '{}' }),
        plain: await attempt('/v1/members', { method: 'POST', body: '{}', mode: 'no-cors' }),
        refund: await attempt(`/v1/access-requests/0x${'5a'.repeat(32)}/refund`, {
          method: 'POST',
          mode: 'no-cors',
        }),
        upload: await attempt('/v1/uploads', { method: 'POST', mode: 'no-cors' }),
      }
    }, world.api)
    expect(outcome).toEqual({
      read: 'refused',
      signOut: 'refused',
      json: 'refused',
      plain: 'refused',
      refund: 'refused',
      upload: 'refused',
    })
    await page.evaluate((api) => {
      const form = document.createElement('form')
      Object.assign(form, {
        action: `${api}/v1/rewards/0x70997970C51812dc3A010C7d01b50e0d17dc79C8/claims`,
        method: 'post',
        target: 'sink',
      })
      document.body.append(form)
      form.submit()
    }, world.api)
    await waitFor('the end of the form', () => ended.some((url) => url.endsWith('/claims')))
    const sent = await Promise.all(answers)
    // What reached the API changed nothing, with her cookie or without.
    const changing = sent.filter((line) => !/^(GET|OPTIONS) /.test(line))
    expect(changing.filter((line) => !/ (401|403|415) /.test(line))).toEqual([])
    expect(await isSignedIn(token)).toBe(true)
    await page.context().close()
  })
})

describe('a request by hand, with the cookie', () => {
  const asked = (headers: Record<string, string>, token: string) =>
    call(world, 'DELETE', '/v1/auth/session', { headers: { cookie: cookieOf(token), ...headers } })

  it.each([
    ['nothing that says where it comes from', () => ({})],
    ['another origin', () => ({ origin: 'https://evil.example' })],
    ['the origin of a sandboxed frame', () => ({ origin: 'null' })],
    ['the own host under another scheme', () => ({ origin: world.api.replace('http:', 'https:') })],
    ['the own host as a part of another', () => ({ origin: `${world.api}.evil.example` })],
    ['the word of a browser that it is another site', () => ({ 'sec-fetch-site': 'cross-site' })],
    [
      'the word of a browser that it is another port',
      () => ({ origin: world.api, 'sec-fetch-site': 'same-site' }),
    ],
    ['only a referer', () => ({ referer: `${world.api}/` })],
  ])('and %s is refused', async (_, headers) => {
    const token = await signIn(world, alice.wallet)
    expect(refusal(await asked(headers(), token))).toBe('403 FORBIDDEN')
    expect(await isSignedIn(token)).toBe(true)
  })

  it('and the own origin is taken', async () => {
    const token = await signIn(world, alice.wallet)
    const own = { origin: world.api, 'sec-fetch-site': 'same-origin' }
    expect((await asked(own, token)).status).toBe(204)
    expect(await isSignedIn(token)).toBe(false)
  })

  it('of a method that changes nothing is taken, for whoever follows a link', async () => {
    const token = await signIn(world, alice.wallet)
    const headers = { cookie: cookieOf(token), 'sec-fetch-site': 'none' }
    expect((await call(world, 'GET', '/v1/auth/session', { headers })).status).toBe(200)
  })
})

describe('signing in', () => {
  it('is not done to a visitor by a page of another site', async () => {
    const { body } = await call(world, 'POST', '/v1/auth/nonce', { body: { address: alice.address } })
    const signature = await alice.wallet.signMessage(body.message)
    const session = { message: body.message, signature }
    const asked = (headers: Record<string, string>) =>
      call(world, 'POST', '/v1/auth/session', { body: session, headers })
    expect(refusal(await asked({ origin: 'https://evil.example' }))).toBe('403 FORBIDDEN')
    expect(refusal(await asked({ 'sec-fetch-site': 'cross-site' }))).toBe('403 FORBIDDEN')
    // The nonce was not spent by that.
    expect((await asked({ origin: world.api })).status).toBe(201)
  })
})
