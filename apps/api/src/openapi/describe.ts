import { ERRORS, type ErrorCode, GranaryError, problem } from '@granary/protocol'
import type { OpenAPIObject } from '@nestjs/swagger'
import { exampleOf, type JsonSchema } from './example.js'
import type { RouteDescription } from './route.description.js'
import { ROUTES } from './routes.js'

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>
type Content = Record<string, { schema?: unknown; example?: unknown; examples?: unknown }>

const PROBLEM = 'application/problem+json'
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const
const WITH_SESSION: ErrorCode[] = ['UNAUTHENTICATED', 'SESSION_EXPIRED', 'FORBIDDEN', 'TOO_MANY_REQUESTS']
const WITH_BODY: ErrorCode[] = ['MALFORMED_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE']
const WITH_DATABASE: ErrorCode[] = ['DATABASE_UNAVAILABLE', 'SERVICE_UNAVAILABLE']
/** Of every route that takes part of its path from the caller. */
const WITH_PLACE: ErrorCode[] = ['NOT_FOUND']
/** What routes answer whose answer is no JSON. */
const BINARY: Record<string, string> = {
  'GET /v1/datasets/{id}/content': 'application/octet-stream',
  'GET /ipfs/{cid}': 'application/vnd.ipld.raw',
}

/**
 * Completes the document that the framework made from the schemas: a summary, an example for each body and answer, and
 * every code that a route may refuse with, by status. Routes without an entry in ROUTES stay as they were; a spec
 * finds them.
 */
export function describe(document: OpenAPIObject): OpenAPIObject {
  const schemas = { ...document.components?.schemas, Problem: PROBLEM_SCHEMA }
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = operations[method] as Operation | undefined
      const key = `${method.toUpperCase()} ${path}`
      const route = ROUTES[key]
      if (operation && route) complete(operation, key, route)
    }
  }
  withoutDialect(document.paths)
  return { ...document, components: { ...document.components, schemas } } as OpenAPIObject
}

function complete(operation: Operation, key: string, route: RouteDescription): void {
  operation.summary = route.summary
  if (route.description) operation.description = route.description
  if (route.signed) operation.security = [{ bearer: [] }, { cookie: [] }]
  const body = (operation.requestBody as { content?: Content } | undefined)?.content
  if (body) addExamples(body)
  for (const [status, answer] of Object.entries(operation.responses)) {
    const response = answer as { description?: string; content?: Content }
    response.description ||= status === '202' ? 'Taken, and on its way to the chain.' : 'Done.'
    const type = BINARY[key]
    if (type) response.content = { [type]: { schema: { type: 'string', format: 'binary' } } }
    if (response.content) addExamples(response.content)
  }
  Object.assign(operation.responses, refusals(codesOf(operation, key, route)))
}

function addExamples(content: Content): void {
  for (const [type, media] of Object.entries(content)) {
    if (type === 'application/json' && media.schema) media.example ??= exampleOf(media.schema as JsonSchema)
    else media.example ??= '(bytes)'
  }
}

function codesOf(operation: Operation, key: string, route: RouteDescription): ErrorCode[] {
  const json = (operation.requestBody as { content?: Content } | undefined)?.content?.['application/json']
  const judged = json || (operation.parameters ?? []).length > 0
  return [
    ...new Set<ErrorCode>([
      ...route.errors,
      ...(judged ? (['VALIDATION_FAILED'] as const) : []),
      ...(json ? WITH_BODY : []),
      ...(route.signed ? WITH_SESSION : []),
      ...(/ \/(v1|readyz)/.test(key) ? WITH_DATABASE : []),
      ...(key.includes('{') ? WITH_PLACE : []),
      ...(key === 'GET /healthz' ? [] : (['TOO_MANY_REQUESTS'] as const)),
      'INTERNAL',
    ]),
  ]
}

/** One answer a status, whose description lists its codes and whose examples show them. */
function refusals(codes: readonly ErrorCode[]): Operation['responses'] {
  const statuses = [...new Set(codes.map((code) => ERRORS[code].status))].sort()
  return Object.fromEntries(
    statuses.map((status) => {
      const own = codes.filter((code) => ERRORS[code].status === status).sort()
      const examples = own.map((code) => [
        code,
        { summary: ERRORS[code].title, value: problem(new GranaryError(code)) },
      ])
      return [
        status,
        {
          description: own.map((code) => `\`${code}\``).join(', '),
          content: {
            [PROBLEM]: {
              schema: {
                allOf: [
                  { $ref: '#/components/schemas/Problem' },
                  { properties: { code: { type: 'string', enum: own } } },
                ],
              },
              examples: Object.fromEntries(examples),
            },
          },
        },
      ]
    }),
  ) as Operation['responses']
}

/** The dialect of 3.1 is the default; naming it in the middle of a document only confuses tools. */
function withoutDialect(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  delete (value as { $schema?: unknown }).$schema
  for (const inner of Object.values(value)) withoutDialect(inner)
}

const PROBLEM_SCHEMA = {
  description: 'RFC 9457. Match `code`; the texts are for people and may change.',
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}
