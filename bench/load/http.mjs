import { Agent, request } from 'node:http'

/** Connections that are kept, as many as there are loops. */
export const keptConnections = (count) => new Agent({ keepAlive: true, maxSockets: count })

/** One request; its status and body. Rejects when the connection breaks. */
export function ask(agent, base, { method = 'GET', path, headers, body }) {
  return new Promise((resolve, reject) => {
    const text = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    const { hostname, port } = new URL(base)
    const sent = request(
      {
        agent,
        hostname,
        port,
        method,
        path,
        headers: {
          ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }),
          ...(text === undefined || Buffer.isBuffer(body) ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (answer) => {
        const parts = []
        answer.on('data', (part) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(text)
  })
}

/** The same, read as JSON. @throws Error for any status but those of success */
export async function askJson(agent, base, wish) {
  const { status, body } = await ask(agent, base, wish)
  if (status >= 300)
    throw new Error(`${wish.method ?? 'GET'} ${wish.path}: ${status} ${body.toString().slice(0, 300)}`)
  return JSON.parse(body.toString())
}
