import { GranaryError } from '@granary/protocol'
import type { Command } from 'commander'
import { action } from '../command.js'
import { createProgress } from '../progress.js'
import { bytes, printable, toSeconds } from '../values.js'
import { chooseBuild } from '../verify-web/release.js'
import { type Verified, verifyWeb } from '../verify-web/verify.js'

interface Options {
  cid?: string
  release?: string
  timeout: string
}

/** `granary verify-web`: whether a server serves the web app that was released. */
export function registerVerifyWeb(program: Command): void {
  const command = program
    .command('verify-web')
    .argument('<url>', 'where the web app is served')
    .description('compare the web app that a server serves with an honest build')
    .option('--cid <cid>', 'the build to compare with (default: the one that this program was released with)')
    .option('--release <file>', 'its list of files, web.json of `npm run release:web`')
    .option('--timeout <time>', 'give up after this time', '120s')
    .addHelpText(
      'after',
      `
Fetches every file of the build as a program and as three browsers, compressed and not, and the page itself under two
addresses; compares all of it byte by byte, and looks for a content security policy that keeps foreign scripts out.
The exit code is 0 only when everything is what the CID names.

It says what the server gave this machine now. It cannot show that others, or you tomorrow, are given the same: a server
can tell callers apart by what this does not imitate, and a page that was once opened may live on in a browser.

Examples:
  granary verify-web https://granary.example
  granary verify-web http://localhost:4280 --cid bafybei…
  npm run release:web && granary verify-web https://granary.example --release release/web.json`,
    )
  action<Options, [string]>(command, async (context, options, text) => {
    const url = toUrl(text)
    const build = chooseBuild(options)
    const seconds = toSeconds(options.timeout)
    const progress = createProgress(url.host)
    const verified = await verifyWeb({
      ...build,
      url: url.href,
      signal: AbortSignal.timeout(seconds * 1000),
      onProgress: (done, total) => progress.update('comparing', done, total),
    }).finally(() => progress.stop())
    const [first] = verified.findings
    if (first) process.exitCode = 1
    const error = first && { code: first.code, message: printable(first.message) }
    context.output.result({ ...verified, ...(error ? { error } : {}) }, () => report(verified))
  })
}

function report({ url, cid, matches, files, bytes: size, answers, findings }: Verified): string {
  if (matches)
    return `${url} serves ${cid}\n${files} files, ${bytes(size)}, in ${answers} answers: all of them are that build's`
  return [
    `${url} does NOT serve ${cid}`,
    ...findings.map(({ code, caller, message }) => `  ${printable(message)} (${code}, to ${caller})`),
  ].join('\n')
}

function toUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new GranaryError(
      'ARGUMENT_INVALID',
      `${text} is not an address that begins with http:// or https://`,
    )
  url.search = ''
  url.hash = ''
  return url
}
