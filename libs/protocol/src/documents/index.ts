// What documents hold. All are strict: a member that a version does not know is refused, and nothing is normalised,
// so that what was parsed has the digest of what was sent.
export * from './dataset-schema.js'
export * from './manifest.js'
export * from './metadata.js'
export * from './profile.js'
export * from './settlement.js'
export * from './terms.js'
