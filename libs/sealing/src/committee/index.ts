/** `@granary/sealing/committee`: threshold encryption to a committee, for those who hold a share or gather them. */
export { combineShares } from './combine.js'
export { decapsulate, encapsulate } from './encapsulate.js'
export { SECOND_GENERATOR } from './group.js'
export { committeeId, committeeLabel, type LabelFacts } from './label.js'
export { createShare, type Share, verifyShare } from './share.js'
export { checkSharing } from './sharing.js'
export { type CommitteeStanza, findCommitteeStanza, parseCommitteeStanza } from './stanza.js'
export { verifyCommitteeStanza } from './stanza.proof.js'
