export { type ConsentMessage, consentMessagesIn, datasetOfConsent, isConsentOf } from './calldata.js'
export { type ConsentReceipt, deriveConsentReceipt } from './derive.js'
export {
  CONSENT_RECEIPT_VERSION,
  type ConsentEvent,
  type ConsentEvidence,
  consentEventSchema,
  consentEvidenceSchema,
  MAX_CONSENT_RECEIPT_BYTES,
  MAX_CONSENT_RECEIPT_EVENTS,
} from './evidence.js'
export { type ConsentHistory, consentHistory } from './history.js'
export { consentReceiptBytes, consentSignedBy, type VerifiedConsent, verifyConsentReceipt } from './verify.js'
