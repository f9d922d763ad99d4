import { execFileSync } from 'node:child_process'
import { GranaryError } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import { createLogger } from './logger.js'
import { judgeParts, type Part } from './parts.js'
import { currentRequest, inRequest, note, requestIdOf } from './request.js'

const SOURCE = new URL('../dist/index.js', import.meta.url).href

describe('requestIdOf', () => {
  it.each([
    undefined,
    '',
    'short',
    'x'.repeat(65),
    'with a space',
    'line\nbreak',
    '"quoted-id"',
    ['a-list-of-ids'],
  ])('makes an id of its own in place of %j', (given) => {
    expect(requestIdOf(given)).toMatch(/^[0-9a-f-]{36}$/)
  })
  it.each(['12345678', 'a_request-ID_1', 'x'.repeat(64)])('takes over %j', (given) => {
    expect(requestIdOf(given)).toBe(given)
  })
})

describe('inRequest', () => {
  it('keeps two requests apart, also while they wait', async () => {
    const one = async (id: string) =>
      inRequest({ id }, async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        note({ code: `CODE_${id}` })
        await Promise.resolve()
        return currentRequest()
      })
    expect(await Promise.all([one('a'), one('b')])).toEqual([
      { id: 'a', code: 'CODE_a' },
      { id: 'b', code: 'CODE_b' },
    ])
    expect(currentRequest()).toBeUndefined()
  })
})

describe('createLogger', () => {
  it('writes the id of the request that is worked on, and no secret that was handed to it', () => {
    const lines: string[] = []
    const log = createLogger({
      service: 'test',
      level: 'info',
      to: { write: (line) => void lines.push(line) },
    })
    const secret = 'not to be seen'
    inRequest({ id: 'request-1' }, () =>
      log.info(
        { headers: { authorization: secret, cookie: secret }, token: secret, order: { signature: secret } },
        'x',
      ),
    )
    expect(JSON.parse(lines[0]!)).toMatchObject({ service: 'test', id: 'request-1', msg: 'x' })
    expect(lines.join()).not.toContain(secret)
  })
})

describe('judgeParts', () => {
  const part = (name: string, check: Part['check']): Part => ({ name, code: 'STORAGE_UNAVAILABLE', check })
  it('names all that fail, the first of them first, and none that hangs for longer than the limit', async () => {
    const began = Date.now()
    const judged = judgeParts(
      [
        part('fine', async () => {}),
        part('hangs', () => new Promise(() => {})),
        part('says why', async () => {
          throw new GranaryError('CHAIN_MISMATCH')
        }),
        part('breaks', async () => {
          throw new Error('some text')
        }),
      ],
      50,
    )
    await expect(judged).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      detail: {
        failing: [
          { part: 'hangs', code: 'STORAGE_UNAVAILABLE' },
          { part: 'says why', code: 'CHAIN_MISMATCH' },
          { part: 'breaks', code: 'STORAGE_UNAVAILABLE' },
        ],
      },
    })
    expect(Date.now() - began).toBeLessThan(2_000)
  })
})

describe('startTelemetry', () => {
  /** The packages of OpenTelemetry's SDK that a process has loaded after it started its telemetry. */
  const loadedWith = (endpoint: string | undefined): number => {
    const program = `
      const { startTelemetry } = await import('${SOURCE}')
      const telemetry = await startTelemetry('test', ${JSON.stringify(endpoint)})
      const { createRequire } = await import('node:module')
      const all = Object.keys(createRequire(import.meta.url).cache)
      console.log(all.filter((file) => /opentelemetry.(sdk|exporter|otlp|resources|core)/.test(file)).length)
      process.exit(0)`
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: new URL('..', import.meta.url).pathname,
      encoding: 'utf8',
    })
    return Number(out)
  }
  it('loads nothing where no collector is named', () => {
    expect(loadedWith(undefined)).toBe(0)
    expect(loadedWith('http://127.0.0.1:9')).toBeGreaterThan(10)
  })
})
