// What only runs in Node: requests to addresses that somebody else chose.
export * from './outgoing.js'
export * from './proxies.js'
export * from './reach.js'
export * from './web-build.js'
