import {
  type DatasetResource,
  GranaryError,
  type Hex,
  isErrorCode,
  MAX_HEADER_BYTES,
} from '@granary/protocol'
import { committeeLabel, findCommitteeStanza, readHeader, verifyCommitteeStanza } from '@granary/sealing'
import { getBytes } from 'ethers'
import { contentPrefix } from './content.js'
import type { Context } from './context.js'
import { activeCommittee } from './network.js'

const AT_ONCE = 8

/**
 * Checks the public proof in the header of each dataset, so that a file that the committee could not open is refused
 * before anybody pays. Throws the fault's code with the dataset in `detail`.
 */
export async function checkStanzas(context: Context, datasets: readonly Hex[]): Promise<void> {
  const facts = await context.network()
  const groupKey = getBytes(activeCommittee(facts).groupKey)
  const waiting = [...datasets]
  const work = async () => {
    for (let dataset = waiting.shift(); dataset; dataset = waiting.shift()) {
      const { owner } = await context.call<DatasetResource>(`/v1/datasets/${dataset}`)
      const label = committeeLabel({
        groupKey,
        chainId: BigInt(facts.chainId),
        registry: facts.deployment.datasetRegistry,
        owner: owner as Hex,
      })
      try {
        const header = readHeader(await contentPrefix(context, dataset, MAX_HEADER_BYTES))
        verifyCommitteeStanza(findCommitteeStanza(header), { groupKey, label })
      } catch (error) {
        const { code, message } = error as { code?: string; message: string }
        const known = isErrorCode(code) ? code : 'STANZA_INVALID'
        throw new GranaryError(known, `${dataset}: ${message}`, { cause: error, detail: { dataset } })
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, datasets.length) }, work))
}
