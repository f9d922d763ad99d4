import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, normalize, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import { GranaryError } from '@granary/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { webPolicy } from './headers.js'

/** Below these the API speaks: what is not there is a problem document, never the app's page. */
const API = /^\/(?:v1|ipfs|healthz|readyz|metrics|docs|docs-json)(?:\/|$)/

/**
 * Serves the built web app from `folder` at `/`: files as they are, any other path the app's page. Without a build
 * only the API answers. `connect` are origins the app may call besides this one.
 */
export async function mountWeb(
  fastify: FastifyInstance,
  folder: string,
  connect: string[],
): Promise<boolean> {
  if (!existsSync(join(folder, 'index.html'))) return false
  // The build wrote `.br` and `.gz` beside each file that compresses; others are sent as they are.
  await fastify.register(fastifyStatic, {
    root: folder,
    serve: false,
    cacheControl: false,
    etag: true,
    preCompressed: true,
  })
  const policy = webPolicy(connect)
  fastify.get('/*', async (request: FastifyRequest, reply: FastifyReply) => {
    const path = decoded(request.url.split('?')[0] ?? '/')
    if (API.test(path)) throw new GranaryError('NOT_FOUND')
    const file = await fileAt(folder, path)
    if (!file && path !== '/' && !(request.headers.accept ?? '').includes('text/html'))
      throw new GranaryError('NOT_FOUND')
    void reply
      .header('content-security-policy', policy)
      // Vite names assets by their hash; everything else may change with the next build.
      .header(
        'cache-control',
        file?.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    return reply.sendFile(file ?? 'index.html')
  })
  return true
}

/** The file's path below the folder, or null when there is none; never one outside or hidden. */
async function fileAt(folder: string, path: string): Promise<string | null> {
  const relative = normalize(path).replace(/^[/\\]+/, '')
  const hidden = relative.split(sep).some((part) => part.startsWith('.'))
  if (relative === '' || hidden || relative.includes('\0')) return null
  const found = await stat(join(folder, relative)).catch(() => null)
  return found?.isFile() ? relative : null
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new GranaryError('NOT_FOUND')
  }
}
