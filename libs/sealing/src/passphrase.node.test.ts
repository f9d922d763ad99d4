import { describe, expect, it } from '@jest/globals'
import { generateIdentity, identityToRecipient } from './identity.js'
import { sealMessage } from './message.js'
import { openWithPassphrase, sealWithPassphrase } from './passphrase.js'

const text = new TextEncoder().encode('a secret')
const LOW = 10

describe('a message under a passphrase', () => {
  it('is an age file with one scrypt stanza of the work factor given, and opens', async () => {
    const sealed = await sealWithPassphrase(text, 'correct horse', LOW)
    expect(new TextDecoder().decode(sealed)).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S{22} 10\n/)
    expect(await openWithPassphrase(sealed, 'correct horse')).toEqual(text)
  })

  it('does not open with another passphrase, altered, cut, or if it is sealed to a recipient', async () => {
    const sealed = await sealWithPassphrase(text, 'correct horse', LOW)
    const altered = sealed.slice()
    altered[altered.length - 1]! ^= 1
    const other = await sealMessage(text, await identityToRecipient(generateIdentity()))
    for (const [bytes, passphrase] of [
      [sealed, 'correct horse '],
      [altered, 'correct horse'],
      [sealed.slice(0, -1), 'correct horse'],
      [other, 'correct horse'],
    ] as const)
      await expect(openWithPassphrase(bytes, passphrase)).rejects.toMatchObject({ code: 'OPEN_FAILED' })
  })

  it('refuses an empty passphrase and a work factor that is too low or that it would not open', async () => {
    const refused = { code: 'ARGUMENT_INVALID' }
    await expect(sealWithPassphrase(text, '', LOW)).rejects.toMatchObject(refused)
    for (const factor of [9, 21, 10.5, Number.NaN])
      await expect(sealWithPassphrase(text, 'x', factor)).rejects.toMatchObject(refused)
  })
})
