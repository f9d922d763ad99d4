import { CUSTODIANS, type Layout, THRESHOLD } from './layout.js'
import type { NetworkFile } from './network-file.js'
import { withoutPassword } from './real-services.js'

/** What a person sees when the network is ready. */
export function screen(layout: Layout, network: NetworkFile): string {
  const custodians = network.custodians.map(({ endpoint }) => new URL(endpoint).port).join(', ')
  const { database, kubo } = network.services
  // The command's own default needs no telling.
  const tell = network.apiUrl === 'http://localhost:4280' ? [] : [`export GRANARY_API=${network.apiUrl}`]
  const commands = [
    ...tell,
    'npx granary accounts      accounts with test money, and their keys',
    'npx granary --help',
  ]
  return `
  Granary is running, all of it on this machine.

    Open  ${network.apiUrl}

  web app and API   ${network.apiUrl}   (documentation: ${network.apiUrl}/docs)
  chain             ${network.rpcUrl}   (anvil, chain id ${network.chainId}, test money only)
  custodians        ${CUSTODIANS} processes on ports ${custodians}; any ${THRESHOLD} of them open a file, fewer open none
  database          ${withoutPassword(network.databaseUrl)}   (${database ? 'PostgreSQL' : 'embedded: PGlite'})
  files, sealed     ${kubo ? `${kubo}   (Kubo)` : `${layout.blocks}   (embedded: files)`}
  all state, logs   ${layout.dir}

  What to do next
    in the browser    choose "development wallet", sign in, drop a file
    in a terminal     ${commands.join('\n                      ')}
    see all of it     npm run demo
    ask the API       curl ${network.apiUrl}/v1/network

  Ctrl-C stops everything; the next start continues with the same data.
`
}
