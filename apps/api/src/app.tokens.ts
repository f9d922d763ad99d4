/** Injection tokens of what is not a class. */
export const CONFIG = Symbol('Config')
export const BLOB_STORE = Symbol('BlobStore')
export const OUTGOING = Symbol('Outgoing')
export const LOCATIONS = Symbol('Locations')
