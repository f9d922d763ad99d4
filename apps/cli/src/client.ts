import { readFileSync } from 'node:fs'
import { GranaryError, parseDeployment } from '@granary/protocol'
import { createClient, type Granary } from '@granary/sdk'
import { fileFault, outgoingFetch } from '@granary/sdk/node'
import { Wallet } from 'ethers'
import type { Context } from './command.js'

/** A client for commands that only read. */
export function reader(context: Context): Granary {
  return createClient(options(context))
}

/** A client that signs with GRANARY_PRIVATE_KEY, and its address. Throws SIGNER_MISSING. */
export function signer(context: Context): { client: Granary; address: `0x${string}` } {
  const { privateKey } = context.environment
  if (!privateKey)
    throw new GranaryError('SIGNER_MISSING', 'set GRANARY_PRIVATE_KEY to the key of the wallet that signs')
  const wallet = new Wallet(privateKey)
  const client = createClient({ ...options(context), signer: wallet })
  return { client, address: wallet.address as `0x${string}` }
}

function options({ environment, output, requestId }: Context) {
  const { api, rpc, deployment } = environment
  return {
    api,
    rpc,
    deployment: deployment ? readDeployment(deployment) : undefined,
    requestId,
    elsewhere: outgoingFetch(api, environment.outgoingAllow),
    onLog: once((line) => output.log(`granary: ${line}`)),
  }
}

/** What is tried again says so once, not at each try. */
function once(log: (line: string) => void) {
  let last = ''
  return (line: string) => {
    if (line !== last) log(line)
    last = line
  }
}

function readDeployment(path: string) {
  try {
    return parseDeployment(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof GranaryError) throw error
    throw new GranaryError(
      'FILE_UNREADABLE',
      `GRANARY_DEPLOYMENT: ${path}: ${fileFault(error as NodeJS.ErrnoException)}`,
    )
  }
}
