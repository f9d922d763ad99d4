import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ERRORS, isErrorCode } from '../../libs/protocol/src/errors.js'

const ROOT = new URL('../..', import.meta.url).pathname
const PARTS = [
  'libs/protocol',
  'libs/sealing',
  'libs/sdk',
  'apps/api',
  'apps/custodian',
  'apps/cli',
  'apps/web',
]

/** The codes with which a part's sources make errors of ours: `new SomethingError('CODE'`. */
function thrown(part: string): string[] {
  const files = readdirSync(join(ROOT, part, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  const found = files.flatMap((text) => [
    ...text.matchAll(/new \w*Error\(\s*'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)'/g),
  ])
  return [...new Set(found.map((match) => match[1]!))].sort()
}

describe('error codes', () => {
  it.each(PARTS)('of %s are all in the catalogue', (part) => {
    const codes = thrown(part)
    expect(codes.length).toBeGreaterThan(0)
    expect(codes.filter((code) => !isErrorCode(code))).toEqual([])
  })

  it('are one a failure: no two say the same, but those that OpenZeppelin named', () => {
    const bySaying = new Map<string, string[]>()
    for (const [code, { title }] of Object.entries(ERRORS))
      bySaying.set(title, [...(bySaying.get(title) ?? []), code])
    const same = [...bySaying.values()].filter((codes) => codes.length > 1)
    expect(same).toEqual([
      ['OWNABLE_UNAUTHORIZED_ACCOUNT', 'GOVERNOR_ONLY_EXECUTOR', 'ACCESS_CONTROL_UNAUTHORIZED_ACCOUNT'],
    ])
  })
})
