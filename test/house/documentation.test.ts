import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const ROOT = new URL('../..', import.meta.url).pathname
const PAGES = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'docs/operate.md']
const FOLDERS = 'apps|libs|contracts|docs|ops|prisma|test|scripts|tools|bench|examples'

/** Whether a path exists; `*` in its last part stands for anything. */
function exists(path: string): boolean {
  if (!path.includes('*')) return existsSync(join(ROOT, path))
  const [folder, pattern] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)]
  const shape = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)
  return existsSync(join(ROOT, folder)) && readdirSync(join(ROOT, folder)).some((name) => shape.test(name))
}

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8')

  it('names only files and folders that exist', () => {
    const named = [...text.matchAll(new RegExp(`\`((?:${FOLDERS})/[\\w./*-]+)\``, 'g'))].map(([, path]) =>
      String(path),
    )
    expect(named.filter((path) => !exists(path))).toEqual([])
  })

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => String(name))
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})

describe('test/specs/refusals-trust.spec.ts', () => {
  it('lists only tests of other files that are there', () => {
    const text = readFileSync(join(ROOT, 'test/specs/refusals-trust.spec.ts'), 'utf8')
    const head = text.match(/^(?:\/\/.*\n)+/m)![0].replaceAll(/\n?\/\/ ?/g, ' ')
    const named = [...head.matchAll(/([\w.-]+\.(?:spec\.ts|test\.ts|t\.sol)) "([^"]+)"/g)]
    const missing = named.filter(([, file, title]) => {
      const found = ['test/specs', 'contracts/test']
        .map((folder) => join(ROOT, folder, file!))
        .find(existsSync)
      return !found || !letters(readFileSync(found, 'utf8')).includes(letters(title!))
    })
    expect(named.length).toBeGreaterThan(9)
    expect(missing.map(([reference]) => reference)).toEqual([])
  })
})

/** A title as prose, as a string in a spec and as the name of a function in Solidity are then the same. */
function letters(text: string): string {
  return text.replaceAll(/[^a-z0-9]/gi, '').toLowerCase()
}
