import { connect, type Socket } from 'node:net'

// HTTP as bytes, for requests that no client would make.

export interface RawAnswer {
  status: number
  headers: Record<string, string>
  /** what came after the headers */
  text: string
  code: string | undefined
}

/** Opens a connection; rejects when it is refused. */
export function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Everything that comes on a connection until its other end closes it. */
export function whole(socket: Socket, timeoutMs = 20_000): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`the connection stays open; so far: ${text.slice(0, 300)}`))
    }, timeoutMs)
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    // Who is cut off while they still send sees a reset; what had come counts.
    socket.on('error', () => {})
    socket.once('close', () => {
      clearTimeout(timer)
      resolve(text)
    })
  })
}

export function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [line = '', ...lines] = head.split('\r\n')
  const headers = lines.map((one) => {
    const [name = '', ...value] = one.split(':')
    return [name.toLowerCase(), value.join(':').trim()]
  })
  const body = rest.join('\r\n\r\n')
  const json = /\{"[\s\S]*\}/.exec(body)?.[0]
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1] ?? 0),
    headers: Object.fromEntries(headers),
    text: body,
    code: json ? JSON.parse(json).code : undefined,
  }
}

/** Sends bytes on a new connection and reads until the other end closes it. */
export async function exchange(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = await openSocket(port)
  const answer = whole(socket)
  socket.write(bytes)
  return parseAnswer(await answer)
}

/** A request whose connection closes after its answer. */
export function requestText(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): string {
  const lines = Object.entries({ host: 'localhost', connection: 'close', ...headers })
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}
