/**
 * `@granary/sealing/header`: what a server needs to judge a sealed file that it cannot open. Reads headers and checks
 * the committee stanza's public proof. Imports no code that unwraps a file key, combines shares or opens a payload;
 * a test holds it to that.
 */
export { committeeId, committeeLabel, type LabelFacts } from './committee/label.js'
export { checkSharing } from './committee/sharing.js'
export { type CommitteeStanza, findCommitteeStanza, parseCommitteeStanza } from './committee/stanza.js'
export { verifyCommitteeStanza } from './committee/stanza.proof.js'
export { SealingError, type SealingErrorCode } from './errors.js'
export { type Header, MAX_HEADER_BYTES, readHeader, type Stanza } from './header.js'
