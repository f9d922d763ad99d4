import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { GranaryError } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { LockRepository } from './lock.repository.js'

const RENEW_MS = 500
const LOOK_MS = 50
const LONGEST_LOOK_MS = 400
const WAIT_MS = 30_000

/**
 * Locks across all replicas. Who asks for one that is held has its holder asked to stop; a holder that is dead loses it
 * when its time has run out. A lock makes work orderly; what must never happen twice is guarded in the database itself.
 */
@Injectable()
export class LockService {
  /** How holders in this process are asked to stop, without waiting for their next renewal. */
  private readonly here = new Map<string, () => void>()

  constructor(private readonly repository: LockRepository) {}

  /**
   * Takes the lock and returns what gives it back. `onWanted` is called, perhaps more than once, when somebody else wants
   * it or has it already.
   *
   * @throws GranaryError UPLOAD_BUSY when its holder does not stop within half a minute, or `signal` aborts
   */
  async take(name: string, onWanted: () => void, signal?: AbortSignal): Promise<() => Promise<void>> {
    const holder = randomUUID()
    const deadline = Date.now() + WAIT_MS
    for (let pause = LOOK_MS; !(await this.repository.take(name, holder)); ) {
      this.here.get(name)?.()
      if (signal?.aborted || Date.now() > deadline) throw new GranaryError('UPLOAD_BUSY')
      await wait(pause)
      pause = Math.min(pause * 2, LONGEST_LOOK_MS)
    }
    this.here.set(name, onWanted)
    const renewal = setInterval(() => {
      this.repository.renew(name, holder).then(
        (undisturbed) => undisturbed || onWanted(),
        () => {}, // the database is away: the next one renews it, or it is lost
      )
    }, RENEW_MS)
    return async () => {
      clearInterval(renewal)
      if (this.here.get(name) === onWanted) this.here.delete(name)
      await this.repository.release(name, holder)
    }
  }

  /** Does `work` while it holds the lock. */
  async during<T>(name: string, work: () => Promise<T>): Promise<T> {
    const release = await this.take(name, () => {})
    try {
      return await work()
    } finally {
      await release()
    }
  }
}
