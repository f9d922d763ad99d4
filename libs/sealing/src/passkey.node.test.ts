import { createHash, createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { hexToBytes } from '@noble/hashes/utils.js'
import { armor } from 'age-encryption'
import { vectors } from '../testing/support.js'
import { readHeader } from './header.js'
import { generateIdentity, identityToRecipient } from './identity.js'
import { sealMessage } from './message.js'
import { makePasskey, openWithPasskey, readPasskeyCredential, sealWithPasskey } from './passkey.js'

const { passkey } = vectors
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const bytes = (said: string) => new TextEncoder().encode(said)

/** An authenticator as the vectors have one, where a browser would have its own; browser specs use Chromium's. */
class Authenticator {
  prompts = 0
  hasPrf = true
  refuses: string | null = null

  constructor(readonly secret: Uint8Array) {}

  private prompt() {
    this.prompts++
    if (this.refuses) throw Object.assign(new Error('no'), { name: this.refuses })
  }

  async create() {
    this.prompt()
    const response = { getTransports: () => ['internal'] }
    const results = { prf: { enabled: this.hasPrf } }
    const rawId = hexToBytes(passkey.credentialId).buffer
    return { rawId, response, getClientExtensionResults: () => results }
  }

  async get({ publicKey }: { publicKey: { extensions: { prf: { eval: Record<string, Uint8Array> } } } }) {
    this.prompt()
    const asked = Object.entries(publicKey.extensions.prf.eval)
    const output = (input: Uint8Array) => {
      const salt = createHash('sha256').update('WebAuthn PRF\0').update(input).digest()
      return Uint8Array.from(createHmac('sha256', this.secret).update(salt).digest()).buffer
    }
    const results = Object.fromEntries(asked.map(([name, input]) => [name, output(input)]))
    return { getClientExtensionResults: () => ({ prf: this.hasPrf ? { results } : {} }) }
  }
}

let authenticator: Authenticator

beforeEach(() => {
  authenticator = new Authenticator(hexToBytes(passkey.secret))
  Object.defineProperty(globalThis, 'navigator', {
    value: { credentials: authenticator },
    configurable: true,
  })
  Object.defineProperty(globalThis, 'window', {
    value: { origin: `https://${passkey.site}` },
    configurable: true,
  })
})
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'navigator')
  Reflect.deleteProperty(globalThis, 'window')
})

const refused = (code: string) => expect.objectContaining({ code })

describe('what a passkey sealed', () => {
  it('does not open when it is damaged, cut short or something else, and asks for no passkey then', async () => {
    const file = armor.decode(passkey.sealed)
    const { length } = readHeader(file)
    const header = text(file.subarray(0, length))
    const withHeader = (changed: string) => armor.encode(bytes(changed))
    const toSomebody = await sealMessage(bytes('x'), await identityToRecipient(generateIdentity()))
    const [stanza = ''] = /-> [\s\S]*(?=---)/.exec(header) ?? []
    for (const sealed of [
      '',
      passkey.sealed.slice(1),
      passkey.sealed.replace('\n-----END', '-----END'),
      armor.encode(file.subarray(0, length - 9)),
      armor.encode(toSomebody),
      withHeader(header.replace('fido2prf', 'fido2prF')),
      withHeader(header.replace(/prf (\S+)/, 'prf A$1')),
      withHeader(header.replace(/prf (\S+)/, 'prf $1 more')),
      withHeader(header.replace(stanza, stanza + stanza)),
    ])
      await expect(openWithPasskey(sealed, passkey.credential)).rejects.toEqual(
        refused('PASSKEY_FILE_INVALID'),
      )
    expect(authenticator.prompts).toBe(0)
  })

  it('does not open when its header or payload was altered, also by the right passkey', async () => {
    const file = armor.decode(passkey.sealed)
    const { length } = readHeader(file)
    for (const at of [length - 2, length + 20, file.length - 1]) {
      const altered = file.slice()
      altered[at]! ^= at < length ? 2 : 1
      await expect(openWithPasskey(armor.encode(altered), passkey.credential)).rejects.toEqual(
        refused('PASSKEY_FILE_INVALID'),
      )
    }
    await expect(
      openWithPasskey(armor.encode(file.subarray(0, file.length - 3)), passkey.credential),
    ).rejects.toEqual(refused('PASSKEY_FILE_INVALID'))
  })

  it('does not open with another passkey', async () => {
    authenticator.secret[0]! ^= 1
    const opening = openWithPasskey(passkey.sealed, passkey.credential)
    await expect(opening).rejects.toEqual(refused('PASSKEY_WRONG'))
  })

  it.each([
    ['NotAllowedError', 'PASSKEY_CANCELLED'],
    ['AbortError', 'PASSKEY_CANCELLED'],
    ['SecurityError', 'PASSKEY_OTHER_SITE'],
    ['NotSupportedError', 'PASSKEY_UNAVAILABLE'],
    ['TypeError', 'PASSKEY_UNAVAILABLE'],
  ])('says of %s: %s', async (name, code) => {
    authenticator.refuses = name
    await expect(openWithPasskey(passkey.sealed, passkey.credential)).rejects.toEqual(refused(code))
    await expect(sealWithPasskey(bytes('x'), passkey.credential)).rejects.toEqual(refused(code))
    await expect(makePasskey('Granary')).rejects.toEqual(refused(code))
  })

  it('wants PRF, to be made, to seal and to open', async () => {
    authenticator.hasPrf = false
    for (const attempt of [
      () => makePasskey('Granary'),
      () => sealWithPasskey(bytes('x'), passkey.credential),
      () => openWithPasskey(passkey.sealed, passkey.credential),
    ])
      await expect(attempt()).rejects.toEqual(refused('PASSKEY_WITHOUT_PRF'))
  })

  it('opens as a second program computed it', async () => {
    expect(text(await openWithPasskey(passkey.sealed, passkey.credential))).toBe(passkey.plaintext)
  })

  it('opens as it was, and never looks the same twice', async () => {
    const credential = await makePasskey('Granary')
    const sealed = await sealWithPasskey(bytes('my key'), credential)
    expect(await sealWithPasskey(bytes('my key'), credential)).not.toBe(sealed)
    expect(text(await openWithPasskey(sealed, credential))).toBe('my key')
  })
})

describe('which passkey it is', () => {
  it('is refused when malformed, and asks for no passkey then', async () => {
    for (const credential of [
      '',
      passkey.identity,
      passkey.credential.toLowerCase(),
      passkey.credential.slice(0, -1),
      `${passkey.credential.slice(0, -1)}Q`,
    ]) {
      expect(() => readPasskeyCredential(credential)).toThrow(refused('PASSKEY_FILE_INVALID'))
      await expect(sealWithPasskey(bytes('x'), credential)).rejects.toEqual(refused('PASSKEY_FILE_INVALID'))
      await expect(openWithPasskey(passkey.sealed, credential)).rejects.toEqual(
        refused('PASSKEY_FILE_INVALID'),
      )
    }
    expect(authenticator.prompts).toBe(0)
  })

  it('reads as a second program wrote it, and as a browser’s is written', async () => {
    const expected = { id: hexToBytes(passkey.credentialId), site: passkey.site }
    expect(readPasskeyCredential(passkey.credential)).toEqual(expected)
    expect(readPasskeyCredential(await makePasskey('Granary'))).toEqual(expected)
  })
})
