#!/usr/bin/env node
// The command `granary`. The program itself is built from src/ into dist/; this file exists before the first build,
// so that npm can link it.
import { existsSync } from 'node:fs'

const program = new URL('../dist/main.js', import.meta.url)
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`granary needs Node.js 20.19 or later; this is ${process.versions.node}.`)
  process.exit(1)
}
if (!existsSync(program)) {
  console.error('granary is not built yet: run `npm run build` in the repository first.')
  process.exit(1)
}
const { main } = await import(program.href)
await main(process.argv)
