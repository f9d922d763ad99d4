import { execFileSync } from 'node:child_process'
import { expect, it } from '@jest/globals'
import { fetchCommand, quoted } from './command.js'

const asShellReads = (word: string) =>
  execFileSync('/bin/sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' })

it.each([
  'plain',
  'with space',
  "it's",
  '$(touch /tmp/x)',
  '`id`',
  'a"b\\c',
  "'; rm -rf / #",
  '*',
  '~',
  'é\nzwei',
  '',
])('%j is one word to a shell', (word) => expect(asShellReads(word)).toBe(word))

it('names API, request, folder and key file', () => {
  const request = `0x${'ab'.repeat(32)}`
  expect(fetchCommand({ api: 'https://granary.example', request, keyFile: 'my key.txt' })).toBe(
    `GRANARY_API=https://granary.example granary fetch ${request} --out granary-abababab --identity 'my key.txt'`,
  )
})
