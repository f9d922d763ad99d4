import type { PGlite } from '@electric-sql/pglite'

/** Parse, Bind, Describe, Execute, Close, Flush: more follows, up to Sync. */
const UNFINISHED = new Set([...'PBDECH'].map((type) => type.charCodeAt(0)))
/** Clients send a query's messages in one go; one that says nothing more for so long is gone. */
const PATIENCE_MS = 2_000

/**
 * PGlite is one session for all connections, with one unnamed statement and one portal. The socket server lets
 * connections take turns by the message, and keeps to one of them only while a transaction is open; two clients would
 * bind to each other's statements and read each other's rows. Seen through this, the database is "in a transaction"
 * also between the messages of one query, so that a turn lasts until Sync.
 */
export function oneAtATime(db: PGlite): PGlite {
  let heardUnfinished = Number.NEGATIVE_INFINITY
  const instead = {
    isInTransaction: () => db.isInTransaction() || Date.now() - heardUnfinished < PATIENCE_MS,
    execProtocolRawStream: async (...[message, options]: Parameters<PGlite['execProtocolRawStream']>) => {
      const isUnfinished = UNFINISHED.has(message[0]!)
      heardUnfinished = isUnfinished ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
      try {
        return await db.execProtocolRawStream(message, options)
      } finally {
        if (isUnfinished) heardUnfinished = Date.now()
      }
    },
  }
  return new Proxy(db, {
    get(target, name) {
      if (name in instead) return instead[name as keyof typeof instead]
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
