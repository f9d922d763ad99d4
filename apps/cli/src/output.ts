import { fileFault } from '@granary/sdk/node'
import { CommanderError } from 'commander'

/** A failure of the command itself, with the stable code that scripts match. */
export class CliError extends Error {
  override name = 'CliError'
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

/**
 * Where a command says things: results on stdout, everything else on stderr. With `--json` stdout carries exactly
 * one JSON document.
 */
export interface Output {
  readonly json: boolean
  /** Prints the result: the value as JSON, or the text for people, if there is any. Call it once. */
  result(value: unknown, text: string | (() => string)): void
  /** One of several things failed: a line for people, on stderr. The JSON document has it itself. */
  failed(line: string): void
  /** A line about what is going on, for people, on stderr. */
  log(line: string): void
}

/** Amounts are decimal strings wherever they leave the program. */
const toJson = (value: unknown) =>
  JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? item.toString() : item), 2)

/** Whether the one document of this run is out: a failure after it is told on stderr alone. */
let printed = false

export function createOutput(json: boolean): Output {
  return {
    json,
    result: (value, text) => {
      printed = true
      const told = json ? toJson(value) : typeof text === 'string' ? text : text()
      if (told !== '') process.stdout.write(`${told}\n`)
    },
    failed: (line) => {
      if (!json) process.stderr.write(`granary: ${line}\n`)
    },
    log: (line) => {
      process.stderr.write(`${line}\n`)
    },
  }
}

/**
 * Code and message of anything thrown: our errors and those of the libraries carry an UPPER_SNAKE `code`. `request` is
 * the id of the request that a server answered so.
 */
export function describeError(error: unknown): { code: string; message: string; request?: string } {
  if (error instanceof CommanderError) {
    const isHelp = error.code === 'commander.help'
    return {
      code: 'USAGE',
      message: isHelp
        ? 'name a command: --help lists them'
        : error.message.replace(/^error: /, '').replace('\n', ' '),
    }
  }
  const { code, message, shortMessage, requestId, detail } = (error ?? {}) as Record<string, unknown>
  const text = [shortMessage, message].find((value) => typeof value === 'string' && value !== '')
  return {
    code: typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'INTERNAL',
    message: typeof text === 'string' ? `${text}${faultsOf(detail)}` : String(error),
    ...ofTheSystem(error as NodeJS.ErrnoException),
    ...(typeof requestId === 'string' ? { request: requestId } : {}),
  }
}

/** The fields that a server found at fault, at most three of them. */
function faultsOf(detail: unknown): string {
  const { errors } = (detail ?? {}) as { errors?: unknown }
  if (!Array.isArray(errors)) return ''
  const faults = errors
    .slice(0, 3)
    .map(({ path, message }: { path?: unknown; message?: unknown }) => `${path}: ${message}`)
  return ` ${faults.join('; ')}`
}

const NO_ANSWER = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE)$/

/** Errors of files and sockets that nobody gave a code of ours on the way; nothing for others. */
function ofTheSystem(error: NodeJS.ErrnoException | null | undefined) {
  const { code = '', message, path, syscall = '', errno } = error ?? {}
  if (code === 'INSUFFICIENT_FUNDS')
    return { message: "the account that signs cannot pay for the gas: send it some of the chain's coin" }
  if (typeof errno !== 'number' || syscall.startsWith('spawn')) return {}
  if (NO_ANSWER.test(code))
    return { code: 'UNREACHABLE', message: `${message}. Check the address and that it runs.` }
  if (!path) return {}
  return { code: 'FILE_UNREADABLE', message: `${path}: ${fileFault(error as NodeJS.ErrnoException)}` }
}

/**
 * Reports a failure: `{error: {code, message, request?}}` on stdout with `--json`, one line on stderr without. stdout never gets
 * a second document: a network that fails after it was ready says so on stderr.
 */
export function reportError(error: unknown, json: boolean): void {
  const described = describeError(error)
  if (json && !printed) process.stdout.write(`${toJson({ error: described })}\n`)
  else if (!(error instanceof CommanderError)) {
    const { message, code, request } = described
    process.stderr.write(`granary: ${message} (${code}${request ? `, request ${request}` : ''})\n`)
  }
}
