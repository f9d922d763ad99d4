// `npm run erc7730:lint`: holds the descriptors by which wallets say in words what they are asked to sign to the schema
// and the rules of the ERC-7730 registry, with the registry's own linter. Three sets: what ships in contracts/erc7730, the
// same filled in for a deployment, and spoilt ones, which the linter has to refuse.
//
// The linter is installed with pip on the first run (python.mjs); afterwards nothing here needs the network: its comparison
// with published sources is of calldata, and left out. The last line is `N passed, N failed`, a descriptor each.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { clearSigning, NOWHERE } from '@granary/protocol'
import { dataSlice, getAddress, id } from 'ethers'
import { pythonProgram } from './python.mjs'

const LINTER = ['erc7730==1.0.12', 'eip712-clearsign==4.1.0']
/** Findings that stay, and why. */
const ANSWERED = [
  // The linter asks for a field of the list itself beside those of its members; it knows none that would satisfy it.
  'Missing Display field: No display field is defined for path `#.spending.[]` in Settlement.',
]

const root = new URL('..', import.meta.url).pathname
const linter = pythonProgram(LINTER[0].replace('==', '-'), 'erc7730', [
  ['-r', join(root, 'scripts/erc7730/requirements.txt')],
  ['--no-deps', '--ignore-requires-python', ...LINTER.toReversed()],
])

/** What the linter finds in a folder of descriptors: per file name `title: message`, of warnings as of errors. */
function lint(folder) {
  const script = join(root, 'scripts/erc7730/lint.py')
  const { stdout, stderr, error } = spawnSync(
    join(dirname(linter), 'python'),
    [script, 'lint', '--gha', '--skip-abi-validation', folder],
    { encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } },
  )
  if (error || !/^checked \d+ descriptor files?, /m.test(stdout))
    throw error ?? new Error(`the linter did not run\n${stdout}${stderr}`)
  const lines = stdout.matchAll(/^::(?:error|warning) (?:file=([^,]*))?.*?title=(.*?)::(.*)$/gm)
  const found = [...lines].map(([, file, title, message]) => ({
    file: file && basename(file),
    text: `${title}: ${message}`,
  }))
  return found.filter(({ text }) => !ANSWERED.some((answered) => text.startsWith(answered)))
}

/** The descriptors of a deployment that is nowhere, with an address of its own for each contract. */
function deployed() {
  const addresses = Object.keys(NOWHERE.deployment)
    .filter((name) => name !== 'chainId')
    .map((name) => [name, getAddress(dataSlice(id(name), 12))])
  return clearSigning({
    deployment: { ...Object.fromEntries(addresses), chainId: 42161 },
    tokenName: 'Some Dollar',
  })
}

/** Each a descriptor with one fault of another kind: a linter that lets one pass checks nothing. */
function spoilt() {
  const spoil = (change) => {
    const descriptor = structuredClone(clearSigning(NOWHERE)['eip712-datasetRegistry.json'])
    change(descriptor, descriptor.display.formats.Withdrawal)
    return descriptor
  }
  const calls = structuredClone(clearSigning(NOWHERE)['calldata-trainerRegistry.json'])
  Object.values(calls.display.formats)[0].fields[0].path = 'nobody'
  return {
    'eip712-no-such-field.json': spoil((_, { fields }) => {
      fields[0].path = 'nobody'
    }),
    'calldata-no-such-argument.json': calls,
    'eip712-no-such-format.json': spoil((_, { fields }) => {
      fields[0].format = 'nonsense'
    }),
    'eip712-no-such-enum.json': spoil(({ display }) => {
      const { fields } = display.formats.Contribution
      fields.find(({ format }) => format === 'enum').params.$ref = '$.metadata.enums.none'
    }),
    'eip712-no-display.json': spoil(({ display }) => {
      delete display.formats.Withdrawal
    }),
    'eip712-long-label.json': spoil((_, { fields }) => {
      fields[0].label = 'A label that is longer than the screen of a hardware wallet'
    }),
  }
}

function write(folder, descriptors) {
  mkdirSync(folder)
  for (const [name, descriptor] of Object.entries(descriptors))
    writeFileSync(join(folder, name), JSON.stringify(descriptor))
  return Object.keys(descriptors)
}

const scratch = mkdtempSync(join(tmpdir(), 'granary-erc7730-'))
const totals = { passed: 0, failed: 0 }
function count(what, name, faults) {
  totals[faults.length > 0 ? 'failed' : 'passed'] += 1
  for (const fault of faults) console.error(`${what}, ${name}: ${fault}`)
}
try {
  const shipped = join(root, 'contracts/erc7730')
  const made = join(scratch, 'deployed')
  const good = [
    ['ships with the contracts', shipped, readdirSync(shipped)],
    ['of a deployment', made, write(made, deployed())],
  ]
  for (const [what, folder, names] of good) {
    const found = lint(folder)
    const of = (name) => found.filter(({ file }) => file === name).map(({ text }) => text)
    for (const name of names) count(what, name, of(name))
    const others = found.filter(({ file }) => !names.includes(file))
    if (others.length > 0)
      count(
        what,
        'no file of ours',
        others.map(({ text }) => text),
      )
  }
  const names = write(join(scratch, 'spoilt'), spoilt())
  const refused = new Set(lint(join(scratch, 'spoilt')).map(({ file }) => file))
  for (const name of names) count('spoilt', name, refused.has(name) ? [] : ['the linter finds nothing'])
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed > 0 ? 1 : 0)
