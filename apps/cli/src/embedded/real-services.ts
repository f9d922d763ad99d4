import { CliError } from '../output.js'

/** The services that run elsewhere instead of inside the network; what is missing is embedded. */
export interface RealServices {
  /** URL of a PostgreSQL database that is this network's alone */
  database?: string
  /** URL of a Kubo node's RPC API */
  kubo?: string
}

interface Choice {
  /** what the last start used, undefined before the first one */
  kept: RealServices | undefined
  asked: RealServices
}

/**
 * Which services are real: what is asked for at the first start, the same ever after. Another database may follow
 * later, since everything in it can be read again from the chain; sealed files stay where they are.
 * @throws CliError SERVICE_FIXED when a network that has files would look for them elsewhere
 */
export function chooseServices({ kept, asked }: Choice): RealServices {
  if (kept && asked.kubo !== undefined && asked.kubo !== kept.kubo) {
    throw new CliError(
      'SERVICE_FIXED',
      `the sealed files of this network are in ${kept.kubo ?? 'its own folder'}: start it without --kubo, ` +
        'or a new one with another --data',
    )
  }
  return { ...kept, ...asked }
}

/** A database's URL as it may be shown: without its password. */
export function withoutPassword(url: string): string {
  const shown = new URL(url)
  shown.password = ''
  return shown.href
}
