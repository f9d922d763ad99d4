import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const ROOT = new URL('../..', import.meta.url).pathname
const PAGES = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md']
const FOLDERS = 'apps|libs|contracts|prisma|test|scripts|tools|bench|examples'

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
