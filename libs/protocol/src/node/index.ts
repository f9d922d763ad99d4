// What only runs in Node: requests that end in time, those to addresses that somebody else chose, folders.
export * from './in-time.js'
export * from './make-folder.js'
export * from './outgoing.js'
export * from './proxies.js'
export * from './reach.js'
export * from './web-build.js'
