import { GranaryError } from '@granary/protocol'
import type { FastifyInstance } from 'fastify'

/** Every path pattern that the server has, with its methods; `/*`, the web app's, is not among them. */
export type RouteList = Map<string, Set<string>>

/** Remembers each route as it is added. Must be called before the first one. */
export function collectRoutes(fastify: FastifyInstance): RouteList {
  const routes: RouteList = new Map()
  fastify.addHook('onRoute', ({ url, method }) => {
    if (url.endsWith('*')) return
    const methods = routes.get(url) ?? new Set<string>()
    for (const one of [method].flat()) methods.add(one)
    routes.set(url, methods)
  })
  return routes
}

/** Every route as `GET /v1/pools/:id`. */
export const listOf = (routes: RouteList): string[] =>
  [...routes].flatMap(([url, methods]) => [...methods].map((method) => `${method} ${url}`)).sort()

/** Refuses a method that a path does not have, and says which it has; a path that nobody has stays unknown. */
export function refuseOtherMethods(fastify: FastifyInstance, routes: RouteList): void {
  let patterns: { pattern: RegExp; methods: Set<string> }[] | undefined
  fastify.addHook('onRequest', (request, reply, done) => {
    const path = request.url.split('?')[0] ?? ''
    // What a path itself has counts before what a pattern such as `/:id` would take it for.
    const exact = routes.get(path)
    const isUnknown = request.is404 || request.routeOptions.url === '/*'
    if (!isUnknown && (!exact || exact.has(request.method))) return done()
    patterns ??= [...routes].map(([url, methods]) => ({ pattern: patternOf(url), methods }))
    const fitting = patterns
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((route) => [...route.methods])
    const methods = exact ?? new Set(fitting)
    if (methods.size === 0 || methods.has(request.method)) return done()
    reply.header('allow', [...methods].sort().join(', '))
    done(new GranaryError('METHOD_NOT_ALLOWED'))
  })
}

const patternOf = (url: string) =>
  new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`)
