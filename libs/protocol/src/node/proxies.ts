import { isIP } from 'node:net'
import { z } from 'zod'

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

/** TRUST_PROXY as it stands in the environment: 0, a number of hops up to 9, or addresses and networks by commas. */
export const trustProxySchema = z.string().transform((text, context) => {
  if (/^\d$/.test(text)) return text === '0' ? (false as const) : Number(text)
  const list = text.split(',').map((part) => part.trim())
  if (list.every(isNetwork)) return list
  context.addIssue({ code: 'custom', message: '0, a number of proxies up to 9, or addresses and networks' })
  return z.NEVER
})

/** Whose X-Forwarded-* are believed. */
export type TrustProxy = z.output<typeof trustProxySchema>

/** The same as Fastify takes it: that of so many hops before this server, or of these addresses. */
export const trustedBy = (proxies: TrustProxy) =>
  typeof proxies === 'number' ? (_address: string, hop: number) => hop < proxies : proxies
