export { MESSAGES, type MessageJson, type MessageName, type MessageOf } from './catalogue.js'
export { type DelegationTerms, delegationTypedData } from './delegation.js'
export { type MessageDomain, messageDigest, messageTypes, structHash, typeString } from './hash.js'
export type { Spending } from './message.js'
export { type PermitTerms, permitTypedData } from './permit.js'
export { messageJsonSchema, messageSchema, messageToJson } from './schema.js'
export { checkSignature, recoverSigner, type SignedBy, signMessage } from './sign.js'
export { jsonTypedData, type TypedData, typedData } from './typed-data.js'
export {
  isFailedCall,
  isRevert,
  isWrappedSignature,
  type WalletCheck,
  walletAccepts,
  walletCheck,
} from './wallet-check.js'
