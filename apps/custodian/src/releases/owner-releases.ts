// POST /v1/owner-releases: an owner opens its own datasets, also withdrawn ones, free of charge.
import {
  datasetsRoot,
  GranaryError,
  type Hex,
  isLowOrderRecipient,
  messageDigest,
  type OwnerReleaseAnswer,
  type OwnerReleaseBody,
  structHash,
} from '@granary/protocol'
import { ZeroAddress } from 'ethers'
import type { DatasetSlot } from '../chain/contracts.js'
import { isSignedBy } from '../chain/signatures.js'
import type { Ledger } from '../ledger/ledger.js'
import { eachLimited } from '../state/each.js'
import { sealShares } from './answer.js'
import { type Bench, openable, sortOut, verdict } from './judge.js'

const READERS = 8

export class OwnerReleases {
  #bench: Bench
  #ledger: Ledger

  constructor(bench: Bench, ledger: Ledger) {
    this.#bench = bench
    this.#ledger = ledger
  }

  /**
   * Shares of datasets for the recipient that their owner signed. Registration must be confirmed; consent does not
   * matter. Checks 5 and 6 hold as for a trainer. The ledger keeps the release's digest only.
   *
   * @throws GranaryError RECIPIENT_LOW_ORDER, ORDER_DATASETS_MISMATCH, SIGNATURE_INVALID, MESSAGE_EXPIRED
   */
  async give({ release, signature, datasets }: OwnerReleaseBody): Promise<OwnerReleaseAnswer> {
    const { chain, contracts, deployment, shares } = this.#bench
    const newest = shares.newest()
    if (isLowOrderRecipient(release.recipient)) throw new GranaryError('RECIPIENT_LOW_ORDER')
    const ids = datasets.map(({ dataset }) => dataset)
    if (datasetsRoot(ids) !== release.datasets) throw new GranaryError('ORDER_DATASETS_MISMATCH')
    const view = await chain.view()
    const message = {
      account: release.owner,
      name: 'OwnerRelease',
      message: release,
      signature,
      deployment,
    } as const
    if (!(await isSignedBy(view, message))) throw new GranaryError('SIGNATURE_INVALID')
    if (BigInt(view.time) > release.deadline) throw new GranaryError('MESSAGE_EXPIRED')

    const [slots] = await view.confirmed([contracts.datasets(ids)])
    const verdicts = await eachLimited(datasets, READERS, (item, place) =>
      verdict(item.dataset, () => openable(this.#bench, ownSlot(slots?.[place], release.owner), item)),
    )
    const { passed, refused } = sortOut(verdicts)
    const { epoch, index: member } = passed[0]?.held ?? newest
    const answer = { epoch: epoch.number, member, refused }
    if (passed.length === 0) return { ...answer, answer: null }

    const verifyingContract = deployment.datasetRegistry
    const digest = messageDigest('OwnerRelease', release, { chainId: deployment.chainId, verifyingContract })
    await this.#ledger.append('owner-release', { release: digest }, view.time)
    const sealed = await sealShares(structHash('OwnerRelease', release), release.recipient, passed)
    return { ...answer, answer: Buffer.from(sealed).toString('base64') }
  }
}

function ownSlot(slot: DatasetSlot | undefined, owner: Hex): DatasetSlot {
  if (slot === undefined || slot.owner === ZeroAddress) throw new GranaryError('DATASET_UNKNOWN')
  if (slot.owner !== owner) throw new GranaryError('NOT_OWNER')
  return slot
}
