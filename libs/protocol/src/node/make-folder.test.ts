import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { makeFolder } from './make-folder.js'

const home = mkdtempSync(join(tmpdir(), 'granary-folder-'))
afterAll(() => rmSync(home, { recursive: true }))

const mode = (path: string) => statSync(path).mode & 0o777

describe('makeFolder', () => {
  it('makes all that is missing, for this account alone, and takes what is there', async () => {
    const path = join(home, 'a', 'b', 'c')
    await makeFolder(path)
    await makeFolder(path)
    for (const one of ['a', 'a/b', 'a/b/c']) expect(mode(join(home, one))).toBe(0o700)
    symlinkSync(path, join(home, 'link'))
    await makeFolder(join(home, 'link'))
    await makeFolder(relative(process.cwd(), join(home, 'e', 'f')))
    expect(mode(join(home, 'e', 'f'))).toBe(0o700)
  })

  it('is made once when two ask at once', async () => {
    const path = join(home, 'g', 'h')
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(path, 'i'))])
    expect(statSync(join(path, 'i')).isDirectory()).toBe(true)
  })

  it('says what the system says of a file in the way', async () => {
    writeFileSync(join(home, 'file'), '')
    await expect(makeFolder(join(home, 'file', 'below', 'it'))).rejects.toMatchObject({ code: 'ENOTDIR' })
    await expect(makeFolder(join(home, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
  })

  const onLinux = process.platform === 'linux' ? it : it.skip // only there is a /proc in which nobody can make folders
  onLinux('comes to an end where nobody can make a folder', async () => {
    await expect(makeFolder('/proc/granary/below')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
