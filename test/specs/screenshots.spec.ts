import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

// `npm run screenshots`, as people who look at the pages run it.

const ROOT = join(import.meta.dirname, '../..')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'granary-screenshots-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function screenshots(...args: string[]): Promise<{ code: number | null; said: string }> {
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(process.execPath, ['scripts/screenshots.mjs', '--out', folder, ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (some) => {
      said += some
    })
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, said })))
}

/** Of a PNG, in pixels: the first numbers of its header. */
const widthOf = (file: string) => readFileSync(join(folder, file)).readUInt32BE(16)

describe('npm run screenshots', () => {
  it.each([
    ['a width that is none', ['--width', 'wide']],
    ['a theme that is none', ['--theme', 'blue']],
    ['somebody whom it does not know', ['--as', 'mallory']],
    ['a state that is none', ['--state', 'sunny']],
    ['an option that it does not have', ['--everything']],
  ])('refuses %s and says what it takes', async (_what, args) => {
    const { code, said } = await screenshots(...args)
    expect([code, said.includes('--only PATH')]).toEqual([2, true])
    expect(readdirSync(folder)).toEqual([])
  })

  it('says what it takes when it is asked', async () => {
    const { code, said } = await screenshots('--help')
    expect([code, said.includes('--only PATH')]).toEqual([0, true])
  })

  it('says so when no page has what was asked for', async () => {
    const { code, said } = await screenshots('--only', '/nowhere')
    expect([code, said.includes('no page has /nowhere')]).toEqual([1, true])
  })

  it('takes the one page that was asked for, as it is and refused, in both widths and themes', async () => {
    const { code, said } = await screenshots(
      '--only',
      '/network',
      '--as',
      'nobody',
      '--state',
      'fine,failing',
    )
    expect({ code, said }).toMatchObject({ code: 0 })
    const files = readdirSync(folder).sort()
    expect(files).toEqual([
      'index.html',
      'network_nobody_1280_dark.png',
      'network_nobody_1280_light.png',
      'network_nobody_390_dark.png',
      'network_nobody_390_light.png',
      'network_nobody_failing_1280_dark.png',
      'network_nobody_failing_1280_light.png',
      'network_nobody_failing_390_dark.png',
      'network_nobody_failing_390_light.png',
    ])
    expect(files.slice(1).map(widthOf)).toEqual([1280, 1280, 390, 390, 1280, 1280, 390, 390])
    for (const file of files.slice(1))
      expect(readFileSync(join(folder, 'index.html'), 'utf8')).toContain(`src="${file}"`)
  }, 300_000)
})
