// How a program ends: first it says that it is not ready, then what is under way finishes, then everything is closed.
import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'

interface Parts {
  log: Logger
  server: Server
  /** Seconds for which it goes on serving after it said that it is not ready, so that whoever sends requests learns it. */
  delaySeconds: number
  /** Seconds after that for all that is under way; then connections are cut. */
  limitSeconds: number
  /** Takes no new connections; resolves when requests under way are answered. */
  drain: () => Promise<unknown>
  /** Ends loops, gives leases back, closes what is open. */
  close: () => Promise<unknown>
}

export interface Stop {
  /** Whether the program is ending: then it is not ready. */
  readonly happening: boolean
}

const CUT_SECONDS = 5

/**
 * Ends the process in order at SIGTERM, SIGINT or when its parent's channel closes: exit code 0, or 1 when closing took
 * longer than it may. A second signal ends it at once, with exit code 1.
 */
export function createStop(): Stop & { listen(parts: Parts): void } {
  let happening = false
  return {
    get happening() {
      return happening
    },
    listen({ log, server, delaySeconds, limitSeconds, drain, close }) {
      const stop = async (why: string) => {
        if (happening) {
          // Closing the channel is no second word: a parent that ends sends both.
          if (why === 'disconnect') return
          log.warn({ why }, 'told twice: ends at once')
          process.exit(1)
        }
        happening = true
        log.info({ why }, 'stopping')
        // A parent that is gone has nobody to send requests either.
        if (why !== 'disconnect') await wait(delaySeconds * 1000)
        const all = (async () => {
          await drain()
          await close()
        })()
        const late = wait(limitSeconds * 1000, 'late' as const, { ref: false })
        if ((await Promise.race([all, late])) === 'late') {
          log.warn({ limitSeconds }, 'what is under way takes too long and is cut')
          server.closeAllConnections()
          const cut = wait(CUT_SECONDS * 1000, 'late' as const, { ref: false })
          if ((await Promise.race([all, cut])) === 'late') process.exit(1)
        }
        log.info('stopped')
        process.exit(0)
      }
      for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const)
        process.on(signal, () => {
          stop(signal).catch((error: Error) => {
            log.error({ err: error }, 'could not stop in order')
            process.exit(1)
          })
        })
    },
  }
}
