export {
  describeMessage,
  type Fact,
  type FactValue,
  isLike,
  type MessageDescription,
  purposesOfFact,
} from './describe.js'
export { type ClearSigning, type ClearSigningPlace, clearSigning, NOWHERE } from './erc7730.js'
export {
  describeTransaction,
  TRANSACTION_WORDS,
  type TransactionDescription,
  type TransactionName,
} from './transactions.js'
export {
  type CannotCode,
  type FactFormat,
  type FieldWords,
  MESSAGE_WORDS,
  type MessageWords,
  PERMIT_WORDS,
  type SignedName,
  STANDARD_WORDS,
  wordsOf,
} from './words.js'
