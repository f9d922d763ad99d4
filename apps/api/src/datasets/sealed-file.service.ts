import { contentToCid, GranaryError, type Hex, hexToBytes, MAX_HEADER_BYTES } from '@granary/protocol'
import {
  committeeId,
  committeeLabel,
  findCommitteeStanza,
  readHeader,
  verifyCommitteeStanza,
} from '@granary/sealing/header'
import { Inject, Injectable } from '@nestjs/common'
import { BLOB_STORE } from '../app.tokens.js'
import { Chain } from '../chain/chain.js'
import { CommitteeService } from '../chain/committee.service.js'
import type { BlobStore } from '../storage/blob-store.port.js'

/** Judges sealed files by what is public of them. Nothing here could open one. */
@Injectable()
export class SealedFileService {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    private readonly chain: Chain,
    private readonly committee: CommitteeService,
  ) {}

  /**
   * Checks that the file's header names the committee on chain once, with a valid proof for this owner: so that nobody
   * pays for a file that cannot be opened.
   *
   * @throws GranaryError COMMITTEE_MISSING, COMMITTEE_UNKNOWN, CONTENT_UNAVAILABLE; SealingError HEADER_INVALID,
   *   HEADER_TOO_LARGE, STANZA_MISSING, STANZA_REPEATED, STANZA_INVALID
   */
  async check(content: Hex, rawRoot: boolean, owner: Hex): Promise<void> {
    const { groupKey } = await this.committee.require()
    const stanza = findCommitteeStanza(readHeader(await this.prefix(contentToCid(content, rawRoot))))
    const key = hexToBytes(groupKey)
    if (stanza.committeeId !== committeeId(key)) throw new GranaryError('COMMITTEE_UNKNOWN')
    const { chainId, datasetRegistry } = this.chain.deployment
    const label = committeeLabel({
      groupKey: key,
      chainId: BigInt(chainId),
      registry: datasetRegistry,
      owner,
    })
    verifyCommitteeStanza(stanza, { groupKey: key, label })
  }

  private async prefix(cid: string): Promise<Uint8Array> {
    const size = (await this.blobs.size(cid)) ?? 0
    const parts: Uint8Array[] = []
    const length = Math.min(size, MAX_HEADER_BYTES)
    if (length > 0) for await (const part of this.blobs.read(cid, { offset: 0, length })) parts.push(part)
    return new Uint8Array(Buffer.concat(parts))
  }
}
