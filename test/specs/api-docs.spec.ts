import { ERRORS } from '@granary/protocol'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { call } from '../support/rest.js'
import { sharedWorld } from '../support/world.js'

// The API's description is complete: one can write a client from it alone (trainer-by-rest.spec.ts does).

const world = sharedWorld()
const METHODS = ['get', 'head', 'post', 'patch', 'delete']
const ID = `0x${'11'.repeat(32)}`
const PATH_VALUES: Record<string, string> = {
  address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  id: ID,
  cid: 'x',
}

interface Media {
  schema?: object
  example?: unknown
  examples?: Record<string, { value: { code: string; status: number } }>
}
interface Described {
  operationId: string
  summary?: string
  tags?: string[]
  security?: unknown[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { description: string; content?: Record<string, Media> }>
}

let document: { openapi: string; paths: Record<string, Record<string, Described>>; components: object }
let routes: { route: string; method: string; path: string; described: Described }[]

beforeAll(async () => {
  document = (await call(world, 'GET', '/docs-json')).body
  routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, described]) => ({ route: `${method.toUpperCase()} ${path}`, method, path, described })),
  )
})

/** The routes that lack something, so that a failure names them. */
const lacking = (lacks: (described: Described, route: string) => boolean) =>
  routes.filter(({ described, route }) => lacks(described, route)).map(({ route }) => route)

/** The faults of all examples against the schemas beside them. */
function faultsOf(content: Record<string, Media> = {}): string[] {
  return Object.entries(content)
    .filter(([type]) => type === 'application/json')
    .flatMap(([, { schema, example }]) => {
      if (!schema || example === undefined) return ['schema or example is missing']
      const judged = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(example)
      return judged.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? []
    })
}

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 and names the uploads, too', () => {
    expect(document.openapi).toMatch(/^3\.1/)
    expect(routes.length).toBeGreaterThan(38)
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/datasets', '/v1/uploads', '/v1/uploads/{id}', '/ipfs/{cid}']),
    )
  })

  it('has a summary and a tag for every route, and an operation id that is its alone', () => {
    expect(lacking(({ summary, tags }) => !summary || !tags?.length)).toEqual([])
    expect(new Set(routes.map(({ described }) => described.operationId)).size).toBe(routes.length)
  })

  it('has a schema and an example that fits it for every answer', () => {
    const faults = routes.flatMap(({ route, described }) =>
      Object.entries(described.responses)
        .filter(([status]) => status.startsWith('2'))
        .flatMap(([status, { content }]) => faultsOf(content).map((fault) => `${route} ${status} ${fault}`)),
    )
    expect(faults).toEqual([])
    const bare = lacking(({ responses }, route) => {
      const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'))
      return answers.some(
        ([status, { content }]) => !content && status !== '204' && !route.includes('uploads'),
      )
    })
    expect(bare).toEqual([])
  })

  it('has a schema and an example that fits it for every body', () => {
    const faults = routes.flatMap(({ route, described }) =>
      faultsOf(described.requestBody?.content).map((fault) => `${route} ${fault}`),
    )
    expect(faults).toEqual([])
  })

  it('has the codes of every refusal, each under its status, with an example', () => {
    const faults: string[] = []
    for (const { route, described } of routes) {
      const refusals = Object.entries(described.responses).filter(([status]) => Number(status) >= 400)
      if (refusals.length === 0) faults.push(`${route} has none`)
      for (const [status, { content }] of refusals) {
        const examples = Object.entries(content?.['application/problem+json']?.examples ?? {})
        if (examples.length === 0) faults.push(`${route} ${status} has no example`)
        for (const [code, { value }] of examples) {
          const known = ERRORS[code as keyof typeof ERRORS]
          if (value.code !== code || String(known?.status) !== status)
            faults.push(`${route} ${status} ${code}`)
        }
      }
    }
    expect(faults).toEqual([])
  })

  it('says truly which routes need a session', async () => {
    const wrong: string[] = []
    for (const { route, method, path, described } of routes) {
      const at = path.replace(/\{(\w+)\}/g, (_, name: string) => PATH_VALUES[name] ?? '')
      const headers: Record<string, string> = path.startsWith('/v1/uploads')
        ? {
            'tus-resumable': '1.0.0',
            ...(method === 'patch' ? { 'content-type': 'application/offset+octet-stream' } : {}),
            'upload-offset': '0',
            'upload-length': '1',
          }
        : {}
      const body = method === 'post' && !path.startsWith('/v1/uploads') ? { body: {} } : {}
      const answer = await call(world, method.toUpperCase(), at, { headers, ...body })
      if ((answer.status === 401) !== (described.security !== undefined))
        wrong.push(`${route} ${answer.status}`)
    }
    expect(wrong).toEqual([])
  })
})
