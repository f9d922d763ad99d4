// `npm run coverage`: which lines and branches of contracts/src the tests reach. Writes the table into
// contracts/COVERAGE.md and fails when a line or branch is not reached that this page does not explain (by file and text of
// the line).
//
// Without the invariant suites, which reach nothing that the other tests do not, and without the tests of gas, which mean
// nothing in code that is instrumented.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { forgeBinary } from './forge.mjs'

const root = new URL('..', import.meta.url).pathname
const page = join(root, 'contracts/COVERAGE.md')

/** Runs forge and answers its LCOV report. */
function lcov() {
  const scratch = mkdtempSync(join(tmpdir(), 'granary-coverage-'))
  const report = join(scratch, 'lcov.info')
  const args = ['coverage', '--root', 'contracts', '--report', 'lcov', '--report-file', report]
  const chosen = [
    '--no-match-path',
    '{test/invariants/*,*.gas.t.sol}',
    '--no-match-test',
    '_costs_(the_same|little)_|_gets_its_gas_',
  ]
  const env = {
    ...process.env,
    FOUNDRY_OUT: join(scratch, 'out'),
    FOUNDRY_CACHE_PATH: join(scratch, 'cache'),
  }
  try {
    const done = spawnSync(forgeBinary(), [...args, ...chosen], {
      cwd: root,
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    if (done.status !== 0) throw new Error(`${done.stdout}${done.stderr}`)
    return readFileSync(report, 'utf8')
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** By file below contracts/src: `[reached, all]` of lines, branches and functions, and the numbers of lines with a gap. */
function countsOf(report) {
  const files = new Map()
  for (const record of report.split('end_of_record')) {
    const file = /^SF:(?:.*\/)?(src\/.*)$/m.exec(record)?.[1]
    if (!file) continue
    const all = (pattern) => [...record.matchAll(pattern)].map((match) => match.slice(1))
    const lines = all(/^DA:(\d+),(\d+)/gm)
    const branches = all(/^BRDA:(\d+),\d+,\d+,(\d+|-)/gm)
    const functions = all(/^FNDA:(\d+),/gm)
    const isReached = (hits) => hits !== '-' && Number(hits) > 0
    const share = (items, at) => [items.filter((item) => isReached(item[at])).length, items.length]
    files.set(file, {
      lines: share(lines, 1),
      branches: share(branches, 1),
      functions: share(functions, 0),
      gaps: [
        ...new Set(
          [...lines, ...branches].filter(([, hits]) => !isReached(hits)).map(([line]) => Number(line)),
        ),
      ],
    })
  }
  return files
}

const files = countsOf(lcov())
const cell = ([reached, all]) =>
  all === 0 ? '–' : `${((100 * reached) / all).toFixed(1)} % (${reached}/${all})`
const rows = [...files].map(
  ([file, { lines, branches, functions }]) =>
    `| \`${file}\` | ${cell(lines)} | ${cell(branches)} | ${cell(functions)} |`,
)
const table = ['| file | lines | branches | functions |', '| --- | --- | --- | --- |', ...rows].join('\n')
const text = readFileSync(page, 'utf8')
writeFileSync(
  page,
  text.replace(/(<!-- table -->\n)[\s\S]*?(\n<!-- end -->)/, (_, start, end) => `${start}${table}${end}`),
)
console.log(table)

let open = 0
for (const [file, { gaps }] of files) {
  const source = readFileSync(join(root, 'contracts', file), 'utf8').split('\n')
  for (const line of gaps) {
    const code = source[line - 1].trim()
    if (text.includes(`- \`${file}\`: \`${code}\``)) continue
    open += 1
    console.error(`not reached: ${file}:${line}  ${code}`)
  }
}
if (files.size === 0) throw new Error('no file was measured')
console.log(`coverage: ${files.size} files, ${open} gaps without an explanation`)
process.exit(open > 0 ? 1 : 0)
