import { CliError, type Output, reportError } from './output.js'

/**
 * Ctrl-C ends the command with ABORTED, a word how to go on, and exit code 130. For commands that go on where they were when
 * they are started again: nothing is tidied up that the next start would want.
 */
export function goesOn({ json }: Output): void {
  process.once('SIGINT', () => {
    if (process.stderr.isTTY) process.stderr.write('\u001b[?25h\n') // a bar has hidden the cursor
    reportError(new CliError('ABORTED', 'it was stopped; the same command goes on where it was'), json)
    process.exit(130)
  })
}
