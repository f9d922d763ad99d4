import { GranaryError } from '@granary/protocol'
import type { BlobStore } from '../blob-store.port.js'
import { GatewayLocation } from './gateway.location.js'
import { KuboLocation } from './kubo.location.js'
import type { Patience } from './limited-fetch.js'
import type { LocationEntry } from './location.entry.js'
import type { Location } from './location.port.js'
import { PinningLocation } from './pinning.location.js'

/** What the next request would run into as well. */
const RESTS: readonly GranaryError['code'][] = [
  'LOCATION_UNREACHABLE',
  'LOCATION_TIMEOUT',
  'LOCATION_REFUSED',
]

function open(entry: LocationEntry, store: BlobStore, patience: Patience): Location {
  const { name, kind, url, headers, tokenFile } = entry
  if (kind === 'kubo') return new KuboLocation(name, url, headers, patience)
  if (kind === 'gateway') return new GatewayLocation(name, url, headers, patience)
  return new PinningLocation(name, url, tokenFile as string, store, patience)
}

/** What came of asking the locations for a block. */
export interface Found {
  bytes: Uint8Array | null
  location: string | null
  /** Those that could not say whether they have it, and those whose bytes were false. */
  troubles: { location: string; code: GranaryError['code'] }[]
}

/**
 * The second locations, in the operator's order. One that fails rests a while, so that a location that hangs holds up
 * one block and not every block.
 */
export class Locations {
  readonly all: Location[]
  private readonly resting = new Map<string, { until: number; code: GranaryError['code'] }>()

  constructor(
    entries: LocationEntry[],
    store: BlobStore,
    patience: Patience,
    private readonly restMs: number,
  ) {
    this.all = entries.map((entry) => open(entry, store, patience))
  }

  find(name: string): Location | undefined {
    return this.all.find((each) => each.name === name)
  }

  /** A block of a file from the first location that has it. Never throws for what a location does. */
  async block(cid: string, root: string): Promise<Found> {
    const troubles: Found['troubles'] = []
    for (const location of this.all) {
      const { name } = location
      try {
        const bytes = await this.guarded(location, () => location.block(cid, root))
        if (bytes) return { bytes, location: name, troubles }
      } catch (error) {
        troubles.push({ location: name, code: codeOf(error) })
      }
    }
    return { bytes: null, location: null, troubles }
  }

  /**
   * Runs `work` unless the location rests; lets it rest when it fails. False bytes are no reason: the next block may be
   * right, and is checked as well.
   *
   * @throws what `work` throws, or threw last
   */
  async guarded<T>(location: Location, work: () => Promise<T>): Promise<T> {
    const rest = this.resting.get(location.name)
    if (rest && rest.until > Date.now())
      throw new GranaryError(rest.code, `${location.name} failed a moment ago`)
    try {
      const result = await work()
      this.resting.delete(location.name)
      return result
    } catch (error) {
      const code = codeOf(error)
      if (RESTS.includes(code)) this.resting.set(location.name, { until: Date.now() + this.restMs, code })
      throw error
    }
  }
}

/** The code of whatever went wrong at a location. */
export function codeOf(error: unknown): GranaryError['code'] {
  return error instanceof GranaryError ? error.code : 'INTERNAL'
}
