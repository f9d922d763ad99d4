import { askJson } from './http.mjs'

/** A session for a wallet, as `{ token, address, expiresAt }`. */
export async function signIn(agent, base, wallet) {
  const post = (path, body) => askJson(agent, base, { method: 'POST', path, body })
  const { message } = await post('/v1/auth/nonce', { address: wallet.address })
  return post('/v1/auth/session', { message, signature: await wallet.signMessage(message) })
}
