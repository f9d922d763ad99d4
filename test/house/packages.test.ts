import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const ROOT = new URL('../..', import.meta.url).pathname
const WORKSPACES = [
  'libs/protocol',
  'libs/sealing',
  'libs/sdk',
  'libs/operation',
  'apps/api',
  'apps/custodian',
  'apps/cli',
  'apps/web',
]

/** What Granary was asked to be made of, by the name under which code imports it. */
const ASKED_FOR = {
  nestjs: '@nestjs/common',
  prisma: '@prisma/adapter-pg',
  pg: 'pg',
  siwe: 'siwe',
  ethers: 'ethers',
  '@noble/ciphers': '@noble/ciphers',
  'ipfs-http-client': 'ipfs-http-client',
  jest: '@jest/globals',
}

/** Used without an import in `src`: by a tool, a path or another package's peer list. Each with its reason. */
const NOT_IMPORTED: Record<string, string> = {
  prisma: 'generates the client (scripts/build.mjs)',
  '@prisma/client': 'runtime of the generated client',
  '@foundry-rs/anvil': 'its platform binary is started by path',
  '@granary/api': 'started as a program',
  '@granary/custodian': 'started as a program',
  '@granary/web': 'served by the API',
  '@types/papaparse': 'types',
  '@types/pg': 'types',
  '@types/react': 'types',
  '@types/react-dom': 'types',
  '@types/cli-progress': 'types',
  rxjs: 'peer of NestJS',
  'pino-http': 'peer of nestjs-pino',
}

function sources(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|mjs|css)$/.test(entry.name))
    .filter((entry) => !/node_modules|\/dist(\/|$)/.test(entry.parentPath))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
}

function imports(text: string, name: string): boolean {
  const escaped = name.replace(/[/.@-]/g, '\\$&')
  return new RegExp(`(from|import|import\\(|resolve\\()\\s*['"]${escaped}(/[^'"]*)?['"]`).test(text)
}

describe('packages', () => {
  const text = Object.fromEntries(WORKSPACES.map((folder) => [folder, sources(folder)]))

  it.each(Object.entries(ASKED_FOR))('%s is imported in apps or libs', (_, name) => {
    expect(Object.values(text).some((code) => imports(code, name))).toBe(true)
  })

  it.each(WORKSPACES)('%s uses every package that it depends on', (folder) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
    const { dependencies, optionalDependencies, devDependencies } = manifest
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies })
    const unused = names.filter((name) => !(name in NOT_IMPORTED) && !imports(text[folder] ?? '', name))
    expect(unused).toEqual([])
  })

  it.each(WORKSPACES)('%s depends on every package that it imports', (folder) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
    const root = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const known = {
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.devDependencies,
      ...root.devDependencies,
    }
    const found = [...(text[folder] ?? '').matchAll(/^(?:import|export)\b[^'"\n]*?from '([^'.][^']*)'/gm)]
      .map(([, specifier]) => String(specifier))
      .filter((specifier) => !specifier.startsWith('node:'))
      .map((specifier) =>
        specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/'),
      )
    expect([...new Set(found)].filter((name) => !(name in known) && name !== manifest.name)).toEqual([])
  })
})

describe('the built programs', () => {
  /** What the one file of a program holds; `npm test` builds before it comes here. */
  const inside = (app: string): string[] =>
    JSON.parse(readFileSync(join(ROOT, 'apps', app, 'dist/packages.json'), 'utf8'))

  it('open files in the custodian and the command line, which have the packages for it, and not in the API', () => {
    const opening = ['@noble/ciphers', '@noble/post-quantum', 'age-encryption']
    for (const app of ['custodian', 'cli']) expect(inside(app)).toEqual(expect.arrayContaining(opening))
    expect(inside('api').filter((name) => opening.includes(name))).toEqual([])
    expect(inside('api')).toContain('@nestjs/core')
  })

  it('hold secrets without what only the API needs', () => {
    expect(inside('custodian').filter((name) => /^(@nestjs|rxjs|@prisma|pg$)/.test(name))).toEqual([])
  })
})

describe('licences', () => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  /** Without a licence field: what the package's own text says. */
  const SAYS_ELSEWHERE: Record<string, string> = { 'combine-errors': 'MIT (Readme.md)' }
  const PERMISSIVE =
    /\b(MIT|ISC|BSD|Apache|0BSD|CC0|Unlicense|BlueOak|Python-2\.0|CC-BY|WTFPL|OFL|Zlib|PostgreSQL)/i

  it('every package that ships has a permissive licence', () => {
    const bad: string[] = []
    for (const [path, entry] of Object.entries<Record<string, unknown>>(lock.packages)) {
      if (!path.startsWith('node_modules/') || entry.dev || entry.devOptional || entry.link) continue
      let manifest: { license?: unknown; licenses?: { type: string }[] }
      try {
        manifest = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8'))
      } catch {
        continue // an optional package of another platform
      }
      const licence = String(
        manifest.license ??
          manifest.licenses?.map(({ type }) => type).join(' OR ') ??
          SAYS_ELSEWHERE[path.split('node_modules/').pop() ?? ''] ??
          'none',
      )
      if (!PERMISSIVE.test(licence)) bad.push(`${path}: ${licence}`)
    }
    expect(bad).toEqual([])
  })

  it.each([...WORKSPACES, '.'])('%s says Apache-2.0', (folder) => {
    expect(JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')).license).toBe('Apache-2.0')
  })
})
