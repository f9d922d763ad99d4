import { describe, expect, it } from '@jest/globals'
import { codeOf, rejectionOf, vectors } from '../../testing/vectors.js'
import {
  addressWebBuild,
  MAX_WEB_FILE_BYTES,
  MAX_WEB_FILES,
  parseWebBuild,
  type WebFile,
} from './web-build.js'

interface Vectors {
  folders: { name: string; cid: string; files: WebFile[] }[]
}
const { folders } = vectors<Vectors>('web-build')

/** The vectors' test file: byte number i is (i + (i >> 20)) mod 251. */
const patternFile = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i + (i >> 20)) % 251)
const bytesOf = (files: WebFile[]) => files.map(({ path, size }) => ({ path, bytes: patternFile(size) }))

describe('the address of a build', () => {
  it.each([
    '',
    '/index.html',
    'a//b',
    '../a',
    'a/../b',
    '.stamp',
    'a/.hidden',
    'a\\b',
    'a?b',
    'a%2fb',
    'a\nb',
  ])('refuses %j as the path of a file', async (path) => {
    expect(await rejectionOf(addressWebBuild([{ path, bytes: patternFile(1) }]))).toBe('ARGUMENT_INVALID')
  })

  it('refuses a folder without files and a path that is there twice', async () => {
    const file = { path: 'index.html', bytes: patternFile(1) }
    expect(await rejectionOf(addressWebBuild([]))).toBe('ARGUMENT_INVALID')
    expect(await rejectionOf(addressWebBuild([file, file]))).toBe('ARGUMENT_INVALID')
  })

  it.each(folders)('is that of Kubo: $name', async ({ cid, files }) => {
    const built = await addressWebBuild(bytesOf(files).reverse())
    expect(built.cid).toBe(cid)
    expect(built.files).toEqual([...files].sort((a, b) => (a.path < b.path ? -1 : 1)))
  })

  it('is another one after any change: a byte, a name, a file more or less', async () => {
    const { cid, files } = folders.at(-1)!
    const plain = bytesOf(files)
    const flipped = plain.map((file, at) =>
      at === 3 ? { ...file, bytes: file.bytes.map((b) => b ^ 1) } : file,
    )
    const renamed = plain.map((file, at) => (at === 3 ? { ...file, path: 'assets/b.js' } : file))
    const more = [...plain, { path: 'assets/more.js', bytes: patternFile(0) }]
    for (const other of [flipped, renamed, more, plain.slice(1)])
      expect((await addressWebBuild(other)).cid).not.toBe(cid)
  })
})

describe('what is said of a build', () => {
  const { cid, files } = folders[0]!
  const build = { version: 'granary/web-build/v1', cid, files }
  const file = files[0]!
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...file, path: `a${at}`, size: 1 }))

  it.each([
    ['no JSON', '{'],
    ['another version', { ...build, version: 'granary/web-build/v2' }],
    ['a field that is not known', { ...build, more: 1 }],
    ['no file', { ...build, files: [] }],
    ['a CIDv0', { ...build, cid: 'QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n' }],
    ['no CID', { ...build, cid: 'bafy' }],
    ['a path that climbs', { ...build, files: [{ ...file, path: '../../etc/passwd' }] }],
    ['a path of another host', { ...build, files: [{ ...file, path: '//elsewhere.test/a.js' }] }],
    ['a path twice', { ...build, files: [file, file] }],
    ['a file that is too large', { ...build, files: [{ ...file, size: MAX_WEB_FILE_BYTES + 1 }] }],
    ['too many files', { ...build, files: many(MAX_WEB_FILES + 1) }],
    ['too much in all', { ...build, files: many(5).map((one) => ({ ...one, size: MAX_WEB_FILE_BYTES })) }],
  ])('is refused: %s', (_, said) => {
    const text = typeof said === 'string' ? said : JSON.stringify(said)
    expect(codeOf(() => parseWebBuild(text))).toBe('WEB_MANIFEST_INVALID')
  })

  it('is taken at its limits', () => {
    expect(parseWebBuild(JSON.stringify(build))).toEqual(build)
    const atLimit = { ...build, files: many(MAX_WEB_FILES) }
    expect(parseWebBuild(JSON.stringify(atLimit)).files).toHaveLength(MAX_WEB_FILES)
  })
})
