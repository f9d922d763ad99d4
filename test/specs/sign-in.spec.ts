import { beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, newContributor, newStranger } from '../support/actors.js'
import { sharedWorld } from '../support/world.js'

// Signing in by EIP-4361: what must not open a session.

const world = sharedWorld()
let alice: Actor
let mallory: Actor

beforeAll(async () => {
  alice = await newContributor(world)
  mallory = await newStranger(world)
})

describe('a sign-in', () => {
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${world.api}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, string> }
  }
  const aText = async () => (await post('/v1/auth/nonce', { address: alice.address })).body.message!

  it('that was used before', async () => {
    const message = await aText()
    const signed = { message, signature: await alice.wallet.signMessage(message) }
    expect((await post('/v1/auth/session', signed)).status).toBe(201)
    expect((await post('/v1/auth/session', signed)).body.code).toBe('NONCE_UNKNOWN')
  })
  it('for another site, another chain, or without its parts', async () => {
    const altered = async (change: (message: string) => string) => {
      const message = change(await aText())
      return (await post('/v1/auth/session', { message, signature: await alice.wallet.signMessage(message) }))
        .body.code
    }
    expect(await altered((message) => message.replace(/^\S+/, 'mallory.example'))).toBe(
      'SIWE_DOMAIN_MISMATCH',
    )
    expect(await altered((message) => message.replace(/Chain ID: \d+/, 'Chain ID: 1'))).toBe(
      'SIWE_CHAIN_MISMATCH',
    )
    expect(await altered((message) => message.replace(/\nNonce: .*/, ''))).toBe('SIWE_MALFORMED')
    expect(await altered((message) => message.replace(/\nIssued At: .*/, ''))).toBe('SIWE_MALFORMED')
  })
  it('in the name of somebody else', async () => {
    const message = await aText()
    const signature = await mallory.wallet.signMessage(message)
    expect((await post('/v1/auth/session', { message, signature })).body.code).toBe('SIGNATURE_INVALID')
  })
})
