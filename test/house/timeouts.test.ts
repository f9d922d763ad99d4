import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'

const ROOT = new URL('../..', import.meta.url).pathname
/** What runs for months. */
const SERVERS = ['apps/api/src', 'apps/custodian/src', 'libs/operation/src', 'libs/protocol/src/node']

it('programs that run long have their timeouts from `inTime` alone', () => {
  const files = SERVERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  )
  expect(files.length).toBeGreaterThan(100)
  const others = files.filter((file) =>
    /^(?! ?\*).*AbortSignal\.(timeout|any)\(/m.test(readFileSync(join(ROOT, file), 'utf8')),
  )
  expect(others).toEqual([])
})
