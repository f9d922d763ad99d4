import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const FOLDER = new URL('../../contracts/test', import.meta.url).pathname
const TYPICAL_RUN = 'a typical run gets everywhere'

/** The tests of a file, as its tree has them: `testFuzz_refuses_a_replay` is "refuses a replay". */
function testsOf(source: string): string[] {
  const found = [...source.matchAll(/function (?:test|testFuzz|invariant)_(\w+)\(/g)].map(([, name]) =>
    String(name).replaceAll('_', ' '),
  )
  return / is TypicalRun\b/.test(source) ? [TYPICAL_RUN, ...found] : found
}

/** The leaves of a tree: lines with no deeper line below them. "it " is for people. */
function leavesOf(tree: string): string[] {
  const lines = tree.trimEnd().split('\n').slice(1)
  const depth = (line: string) => line.search(/[├└]/)
  return lines
    .filter((line, i) => i === lines.length - 1 || depth(lines[i + 1]!) <= depth(line))
    .map((line) => line.replace(/^.*── (?:it )?/, ''))
}

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.t.sol'))
  .map((name) => ({ name, source: readFileSync(join(FOLDER, name), 'utf8') }))
  .filter(({ source }) => testsOf(source).length > 0)

describe('contracts/test', () => {
  it('has a tree for each test file and a test file for each tree', () => {
    const trees = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.tree'),
    )
    expect(trees.sort()).toEqual(files.map(({ name }) => name.replace('.t.sol', '.tree')).sort())
  })

  it.each(files)('$name: each leaf of the tree is a test and each test a leaf', ({ name, source }) => {
    const tree = readFileSync(join(FOLDER, name.replace('.t.sol', '.tree')), 'utf8')
    expect(tree.split('\n')[0]).toBe(basename(name, '.t.sol'))
    expect(leavesOf(tree).sort()).toEqual(testsOf(source).sort())
  })

  it.each(files)('$name: every branch begins with given or when', ({ name }) => {
    const tree = readFileSync(join(FOLDER, name.replace('.t.sol', '.tree')), 'utf8')
    const branches = tree.split('\n').filter((line) => /^[├└]/.test(line))
    expect(branches.filter((line) => !/^[├└]── (?:given|when) /.test(line))).toEqual([])
  })
})
