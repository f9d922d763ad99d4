// One object store of IndexedDB, opened for each use so that no tab keeps another from anything.

export interface Store {
  /** Runs one request in a transaction of its own; what was written is on disk when it resolves. */
  run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T>
}

/** The store `name` of the database `database`, whose entries carry their key in the field `keyPath`. */
export function objectStore(database: string, name: string, keyPath: string): Store {
  const open = () =>
    new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(database, 1)
      request.onupgradeneeded = () => request.result.createObjectStore(name, { keyPath })
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  return {
    async run(mode, work) {
      const opened = await open()
      try {
        return await new Promise((resolve, reject) => {
          const transaction = opened.transaction(name, mode, { durability: 'strict' })
          const request = work(transaction.objectStore(name))
          transaction.oncomplete = () => resolve(request.result)
          transaction.onerror = () => reject(transaction.error)
          transaction.onabort = () => reject(transaction.error)
        })
      } finally {
        opened.close()
      }
    },
  }
}
