// Writes contracts/erc7730: what wallets read to say in words what they are asked to sign. `--check` only compares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clearSigning, NOWHERE } from '@granary/protocol'

const folder = join(import.meta.dirname, '../contracts/erc7730')
const check = process.argv.includes('--check')
mkdirSync(folder, { recursive: true })
const stale = Object.entries(clearSigning(NOWHERE)).filter(([name, descriptor]) => {
  const file = join(folder, name)
  const text = `${JSON.stringify(descriptor, null, 2)}\n`
  if (!check) writeFileSync(file, text)
  return check && text !== readFileSync(file, 'utf8')
})
if (stale.length > 0) {
  console.error(`out of date: ${stale.map(([name]) => name).join(', ')}. Run node scripts/erc7730.mjs`)
  process.exit(1)
}
