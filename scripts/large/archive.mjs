// What `npm run test:large -- --archive` does once the file is contributed: everything that the contributor owns is
// exported, the archive is checked and restored on another installation of the same chain, which then has the same bytes.
import { createHash } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { JsonRpcProvider, Wallet } from 'ethers'
import '../../bench/typescript.mjs'

/**
 * @param facts what `granary up` printed
 * @param operator private key of the account that pays for the other installation's gas
 * @param granary runs a command with the contributor's key: its arguments, the name under which its memory counts, and
 *   the API that it is to use
 * @param watch counts the memory of a process under a name
 * @param folder where the archive goes, and is removed again
 * @returns whether the other installation has the file byte for byte
 */
export async function archiveLarge({ facts, operator, dataset, granary, watch, folder, say }) {
  const { startSecondApi } = await import('../../test/support/second-api.ts')
  const archive = join(folder, 'mine.tar')
  await granary(['export', '--out', archive], 'export', facts.apiUrl)
  const { size } = await stat(archive)
  say(`exported: an archive of ${size} bytes`)
  const { entries } = await granary(['export', 'verify', archive], 'verify', facts.apiUrl)
  say(`the archive is whole: ${entries} entries`)

  const second = await startSecondApi(worldOf(facts, operator))
  const end = watch('api elsewhere', second.pid)
  try {
    const { sent, failed } = await granary(['restore', archive], 'restore', second.api)
    if (failed.length > 0 || !sent.includes(dataset))
      throw new Error(`not restored: ${JSON.stringify(failed)}`)
    say('restored on another installation')
    await rm(archive)
    const [here, there] = await Promise.all([facts.apiUrl, second.api].map((api) => digestAt(api, dataset)))
    say(`the sealed file is ${here === there ? 'the same' : 'ANOTHER'} there: SHA-256 ${there}`)
    return here === there
  } finally {
    end()
    await second.end()
  }
}

/** As much of a network as another installation on its chain needs. */
function worldOf({ rpcUrl, deployment }, operator) {
  const payer = new Wallet(operator, new JsonRpcProvider(rpcUrl))
  const fund = async (to) => {
    await (await payer.sendTransaction({ to, value: 10n ** 19n })).wait()
    payer.provider.destroy()
  }
  return { rpc: rpcUrl, facts: { deployment }, fund }
}

async function digestAt(api, dataset) {
  const answer = await fetch(`${api}/v1/datasets/${dataset}/content`)
  if (!answer.ok) throw new Error(`${api} answered ${answer.status} for the content`)
  const hash = createHash('sha256')
  for await (const chunk of Readable.fromWeb(answer.body)) hash.update(chunk)
  return hash.digest('hex')
}
