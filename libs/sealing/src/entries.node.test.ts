import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const source = dirname(fileURLToPath(import.meta.url))

/** Every file and package that a module reaches by imports, itself included; type imports count too. */
function reach(entry: string) {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string) => {
    if (files.has(file)) return
    files.add(file)
    expect(existsSync(file)).toBe(true)
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g))
      if (name!.startsWith('.')) visit(join(dirname(file), name!.replace(/\.js$/, '.ts')))
      else packages.add(name!)
  }
  visit(join(source, entry))
  return { files: [...files].map((file) => relative(source, file)).sort(), packages: [...packages].sort() }
}

describe('entries', () => {
  it('./header reaches nothing that could open a file', () => {
    const { files, packages } = reach('header.entry.ts')
    expect(files).toEqual([
      'bytes.ts',
      'committee/group.ts',
      'committee/interpolation.ts',
      'committee/label.ts',
      'committee/sharing.ts',
      'committee/stanza.proof.ts',
      'committee/stanza.ts',
      'errors.ts',
      'header.entry.ts',
      'header.ts',
    ])
    expect(packages).toEqual([
      '@noble/curves/ed25519.js',
      '@noble/hashes/sha2.js',
      '@noble/hashes/utils.js',
      '@scure/base',
    ])
  })

  it('./committee reaches no payload and no identity', () => {
    const { files, packages } = reach('committee/index.ts')
    for (const file of ['payload.ts', 'open.ts', 'seal.ts', 'identity.ts', 'header.keys.ts', 'message.ts'])
      expect(files).not.toContain(file)
    expect(packages).not.toContain('age-encryption')
  })

  it('nothing imports a module of Node, so that browsers can have all of it', () => {
    const { packages } = reach('index.ts')
    expect(packages.filter((name) => name.startsWith('node:'))).toEqual([])
  })

  it('package.json exports them, from source and built', () => {
    const { exports } = JSON.parse(readFileSync(join(source, '../package.json'), 'utf8'))
    expect(Object.keys(exports)).toEqual(['.', './header', './committee'])
    for (const entry of Object.values<Record<string, string>>(exports)) {
      expect(existsSync(join(source, '..', entry.source!))).toBe(true)
      expect(entry.default).toBe(entry.source!.replace('/src/', '/dist/').replace(/\.ts$/, '.js'))
    }
  })
})
