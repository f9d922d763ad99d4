import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { folderSink, safeFileName } from './folder-sink.js'

const id = (digit: string) => `0x${digit.repeat(64)}` as const
const bytes = (text: string) => new TextEncoder().encode(text)

describe('safeFileName', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['/absolute', 'absolute'],
    ['.bashrc', 'bashrc'],
    ['line\nbreak\u0007.txt', 'line_break_.txt'],
    ['gpj\u202e.exe', 'gpj_.exe'],
    ['a:b*c?.csv', 'a_b_c_.csv'],
    ['trailing. . ', 'trailing'],
    ['Straße 数据 😀.csv', 'Straße 数据 😀.csv'],
  ])('%j becomes %j', (title, name) => expect(safeFileName(title, id('a'))).toBe(name))

  it.each(['', '.', '..', '///', 'CON', 'nul.txt', '\u0000'.repeat(0)])(
    '%j has no name of its own',
    (title) => expect(safeFileName(title, id('a'))).toBe(`${'a'.repeat(64)}.bin`),
  )

  it('keeps the ending of a name that is too long', () => {
    const name = safeFileName(`${'ü'.repeat(400)}.csv`, id('a'))
    expect(bytes(name).length).toBeLessThanOrEqual(200)
    expect(name).toMatch(/ü\.csv$/)
  })
})

describe('folderSink', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'granary-sink-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const put = async (
    sink: ReturnType<typeof folderSink>,
    dataset: `0x${string}`,
    title: string,
    text: string,
  ) => {
    const target = await sink.open(dataset, title)
    const writer = target.writable.getWriter()
    await writer.write(bytes(text))
    await writer.close()
    await target.commit(createHash('sha256').update(text).digest('hex'))
    return sink.pathOf(dataset)!
  }

  it('leaves nothing of a file that was discarded', async () => {
    const target = await folderSink(folder).open(id('a'), 'x.csv')
    const writer = target.writable.getWriter()
    await writer.write(bytes('half'))
    await writer.abort(new Error('broken')).catch(() => {})
    await target.discard()
    expect(await readdir(folder)).toEqual([])
  })
  it('never overwrites: equal bytes are one file, others get a name of their own', async () => {
    const sink = folderSink(folder)
    expect(basename(await put(sink, id('a'), 'x.csv', 'one'))).toBe('x.csv')
    expect(basename(await put(sink, id('b'), 'x.csv', 'one'))).toBe('x.csv')
    expect(basename(await put(sink, id('c'), 'x.csv', 'two'))).toBe('x-cccccccc.csv')
    expect(await readFile(join(folder, 'x.csv'), 'utf8')).toBe('one')
    expect((await readdir(folder)).sort()).toEqual(['x-cccccccc.csv', 'x.csv'])
  })
})
