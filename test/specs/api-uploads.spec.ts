import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, newContributor, newStranger } from '../support/actors.js'
import { asSealed, beginUpload, call, refusal, sendBytes, signIn, tus, upload } from '../support/rest.js'
import { exchange, requestText } from '../support/socket.js'
import { sharedWorld } from '../support/world.js'

const world = sharedWorld()
const some = (size = 1000) => asSealed(new Uint8Array(randomBytes(size)))
let alice: Actor
let token: string
let mallorys: string

beforeAll(async () => {
  alice = await newContributor(world)
  token = await signIn(world, alice.wallet)
  mallorys = await signIn(world, (await newStranger(world)).wallet)
})

const blockStatus = async (cid: string) => (await call(world, 'GET', `/ipfs/${cid}?format=raw`)).status

describe('POST /v1/uploads', () => {
  it('refuses who is not signed in', async () => {
    expect(refusal(await beginUpload(world, undefined, 10, (await some()).cid))).toBe('401 UNAUTHENTICATED')
  })

  it('refuses an upload without its CID, or with one of another kind', async () => {
    expect(refusal(await beginUpload(world, token, 10))).toBe('400 UPLOAD_METADATA_INVALID')
    expect(
      refusal(await beginUpload(world, token, 10, 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG')),
    ).toBe('400 CID_INVALID')
  })

  it('tells who speaks another version, or does not say which, what it speaks', async () => {
    for (const headers of [{}, { 'tus-resumable': '0.2.2' }] as Record<string, string>[]) {
      const answer = await call(world, 'POST', '/v1/uploads', { token, headers })
      expect(refusal(answer)).toBe('412 UPLOAD_VERSION_MISSING')
      expect(answer.headers.get('tus-version')).toBe('1.0.0')
    }
  })

  it('refuses an upload of unknown length or beyond the limit', async () => {
    const { cid } = await some()
    const metadata = `cid ${Buffer.from(cid).toString('base64')}`
    const headers = { 'tus-resumable': '1.0.0', 'upload-defer-length': '1', 'upload-metadata': metadata }
    expect(refusal(await call(world, 'POST', '/v1/uploads', { token, headers }))).toBe(
      '400 UPLOAD_METADATA_INVALID',
    )
    expect(refusal(await beginUpload(world, token, 2 ** 50, cid))).toBe('413 UPLOAD_TOO_LARGE')
  })
})

describe('an upload', () => {
  it('is as unknown as none to anybody but its owner', async () => {
    const { cid, bytes } = await some()
    const location = (await beginUpload(world, token, bytes.length, cid)).headers.get('location') ?? ''
    for (const other of [mallorys]) {
      expect((await tus(world, 'HEAD', other, location)).status).toBe(404)
      expect(refusal(await sendBytes(world, other, location, 0, bytes))).toBe('404 UPLOAD_UNKNOWN')
      expect(refusal(await tus(world, 'DELETE', other, location))).toBe('404 UPLOAD_UNKNOWN')
    }
    expect(refusal(await sendBytes(world, undefined, location, 0, bytes))).toBe('401 UNAUTHENTICATED')
    expect((await tus(world, 'HEAD', token, location)).headers.get('upload-offset')).toBe('0')
  })

  it('cannot be downloaded', async () => {
    const { cid, bytes } = await some()
    const location = (await beginUpload(world, token, bytes.length, cid)).headers.get('location') ?? ''
    await sendBytes(world, token, location, 0, bytes.subarray(0, 10))
    expect((await call(world, 'GET', location, { token })).status).toBe(405)
  })

  it('goes on where it broke off and is then in the block store', async () => {
    const { cid, bytes } = await some(5000)
    const location = (await beginUpload(world, token, bytes.length, cid)).headers.get('location') ?? ''
    expect((await sendBytes(world, token, location, 0, bytes.subarray(0, 2000))).status).toBe(204)
    expect((await tus(world, 'HEAD', token, location)).headers.get('upload-offset')).toBe('2000')
    expect((await sendBytes(world, token, location, 1000, bytes.subarray(1000))).status).toBe(409)
    expect(await blockStatus(cid)).toBe(404)
    expect((await sendBytes(world, token, location, 2000, bytes.subarray(2000))).status).toBe(204)
    expect(await blockStatus(cid)).toBe(200)
    // A client that missed the last answer learns that nothing is missing.
    expect((await tus(world, 'HEAD', token, location)).headers.get('upload-offset')).toBe('5000')
    expect((await tus(world, 'HEAD', mallorys, location)).status).toBe(404)
  })

  it('is refused and gone when its bytes are not those of its CID', async () => {
    const { cid } = await some()
    const { bytes } = await some()
    const location = (await beginUpload(world, token, bytes.length, cid)).headers.get('location') ?? ''
    expect(refusal(await sendBytes(world, token, location, 0, bytes))).toBe('422 CID_MISMATCH')
    expect((await tus(world, 'HEAD', token, location)).status).toBe(404)
    expect(await blockStatus(cid)).toBe(404)
  })

  it('takes no byte beyond its length', async () => {
    const { cid, bytes } = await some(100)
    const location = (await beginUpload(world, token, 50, cid)).headers.get('location') ?? ''
    const answer = await sendBytes(world, token, location, 0, bytes).catch(() => ({ status: 413 }))
    expect(answer.status).toBe(413)
    expect(await blockStatus(cid)).toBe(404)
  })

  it('takes no byte beyond its length from a request that does not say how much it sends', async () => {
    const { cid, bytes } = await some(100)
    const location = (await beginUpload(world, token, 50, cid)).headers.get('location') ?? ''
    const head = requestText('PATCH', location, {
      authorization: `Bearer ${token}`,
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'transfer-encoding': 'chunked',
    })
    const chunks = [bytes.subarray(0, 40), bytes.subarray(40)].flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ])
    const answer = await exchange(
      Number(new URL(world.api).port),
      Buffer.concat([Buffer.from(head), ...chunks]),
    )
    expect(`${answer.status} ${answer.code}`).toBe('413 UPLOAD_TOO_LARGE')
    expect(await blockStatus(cid)).toBe(404)
    const offset = (await tus(world, 'HEAD', token, location)).headers.get('upload-offset')
    expect(Number(offset)).toBeLessThanOrEqual(50)
  })

  it('can be ended by its owner', async () => {
    const { cid, bytes } = await some()
    const location = (await beginUpload(world, token, bytes.length, cid)).headers.get('location') ?? ''
    expect((await tus(world, 'DELETE', token, location)).status).toBe(204)
    expect((await tus(world, 'HEAD', token, location)).status).toBe(404)
  })

  it.each(['../../etc/passwd', '..%2f..%2fsecrets', '%00', 'a'.repeat(150)])('is never "%s"', async (id) => {
    const answer = await tus(world, 'HEAD', token, `/v1/uploads/${id}`)
    expect(answer.status).toBe(404)
  })

  it('may be of nothing at all', async () => {
    expect((await upload(world, token, await asSealed(new Uint8Array(0)))).status).toBeLessThan(500)
  })
})
