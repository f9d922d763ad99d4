import { ERRORS, GranaryError } from '@granary/protocol'

const LISTENING: Record<string, string> = {
  EADDRINUSE: 'PORT: another program listens there; stop that one, or choose another port',
  EADDRNOTAVAIL: 'HOST: this machine has no such address; choose one that it has, or 0.0.0.0',
  EACCES: 'PORT: this user may not listen there; choose one above 1023',
}

/** All faults of a program's environment at once, a line each that begins with the variable. Code CONFIG_INVALID. */
export class ConfigError extends GranaryError {
  constructor(readonly faults: string[]) {
    super(
      'CONFIG_INVALID',
      `the configuration is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    )
  }
}

/**
 * Why a program could not start, for whoever reads its last lines: in words, with the variable or the code to look for;
 * of what is a fault of ours the stack.
 */
export function startFault(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof GranaryError) {
    const { code, message } = error
    const { title } = ERRORS[code]
    const said = message.startsWith(`${code}: `) ? message : `${code}: ${message}`
    return message.includes(title) ? said : `${said}\n  ${title}`
  }
  const { syscall, code, message, stack } = error as NodeJS.ErrnoException
  const listening = syscall === 'listen' ? LISTENING[code ?? ''] : undefined
  return listening ? `${listening} (${message})` : (stack ?? String(error))
}
