// `npm run screenshots`: pictures of every page of the web app and of its dialogs, for people to look at. See
// test/screenshots.
import { spawn, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const PEOPLE = ['nobody', 'contributor', 'trainer', 'member']
const STATES = ['fine', 'loading', 'failing', 'offline', 'refused']
const HELP = `npm run screenshots -- [--out DIR] [--as WHO,…] [--only PATH] [--width N,…] [--theme light|dark] [--state STATE,…] [--language en|fr]

Starts an embedded network of its own, has a few people do what people do there, goes to every page of the web app as
each of them, and takes pictures of it and of the dialogs that it opens. DIR/index.html shows all of them.

--out DIR       where they go (screenshots); what has the same name there is overwritten
--as WHO        some of ${PEOPLE.join(', ')} (all)
--only PATH     pages whose path has this in it
--width N       widths in CSS pixels (390,1280)
--theme T       light or dark (both)
--state S       some of ${STATES.join(', ')} (all): pages as they are, while they
                wait, when the API refuses, when nobody answers any more; and what a wallet or the network said no to
--language L    en or fr (en)

Takes some minutes. Exit code 0 when all were taken, 1 when something failed, 2 when it was asked wrongly.`
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const list = (text) => text.split(',').map((one) => one.trim())

function wishOf() {
  const text = (fallback) => ({ type: 'string', default: fallback })
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      out: text('screenshots'),
      as: text(PEOPLE.join(',')),
      only: text(''),
      width: text('390,1280'),
      theme: text('light,dark'),
      state: text(STATES.join(',')),
      language: text('en'),
    },
  })
  if (values.help) return null
  const oneOf = (name, all) => {
    const asked = list(values[name])
    const odd = asked.find((one) => !all.includes(one))
    if (odd !== undefined) throw new Error(`--${name} ${odd}: choose from ${all.join(', ')}`)
    return asked
  }
  const widths = list(values.width).map(Number)
  if (!widths.every((width) => Number.isInteger(width) && width >= 200 && width <= 4_000))
    throw new Error(`--width ${values.width}: say pixels, 200 to 4000`)
  return {
    out: resolve(values.out),
    widths,
    themes: oneOf('theme', ['light', 'dark']),
    people: oneOf('as', PEOPLE),
    only: values.only,
    states: oneOf('state', STATES),
    language: oneOf('language', ['en', 'fr'])[0],
  }
}

let wish
try {
  wish = wishOf()
} catch (error) {
  console.error(`${error.message}\n\n${HELP}`)
  process.exit(2)
}
if (wish === null) {
  console.log(HELP)
  process.exit(0)
}
const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT, stdio: 'inherit' })
if (built.status !== 0) process.exit(1)
const args = ['--import', './bench/typescript.mjs', 'test/screenshots/main.ts', JSON.stringify(wish)]
const run = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' })
// Ctrl-C reaches it by itself; a SIGTERM to this one does not.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => run.kill('SIGTERM'))
run.once('exit', (code) => process.exit(code ?? 1))
