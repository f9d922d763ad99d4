// Every number that two programs must agree on and that is not part of a format's own definition.

/** Datasets one order, receipt or owner's release may name. */
export const MAX_DATASETS_PER_ORDER = 256
/** Bytes of an age header, at the start of the sealed file. */
export const MAX_HEADER_BYTES = 16_384
/** Bytes of a leaf of the UnixFS tree, and of a document with a raw root. */
export const CHUNK_BYTES = 1_048_576
/** Links of one node of the UnixFS tree. */
export const MAX_LINKS = 1_024
/** Levels of links a custodian follows from a content's root to its first leaf. */
export const MAX_CONTENT_LEVELS = 4
/** Bytes of one block of a content's tree. */
export const MAX_BLOCK_BYTES = 2_097_152
/** Bytes of a metadata, terms or profile document. */
export const MAX_DOCUMENT_BYTES = 1_048_576
/** UTF-16 units of a new dataset's description. */
export const MAX_DESCRIPTION = 2_000
/** Columns that a dataset's schema may name, and UTF-16 units of such a name. */
export const MAX_SCHEMA_COLUMNS = 500
export const MAX_SCHEMA_COLUMN_NAME = 200
/** Kinds of entries that an archive's schema may name, and UTF-16 units of such a name. */
export const MAX_SCHEMA_ENTRIES = 100
export const MAX_SCHEMA_ENTRY_KIND = 100
/** Bytes of a manifest or settlement document. */
export const MAX_LIST_DOCUMENT_BYTES = 67_108_864
/** Datasets of one manifest. */
export const MAX_MANIFEST_DATASETS = 100_000
/** Messages relayed in one transaction. */
export const MAX_BATCH = 100
/** Members of a committee, and their smallest threshold. */
export const MAX_MEMBERS = 64
export const MIN_THRESHOLD = 2
/** Seconds for which a receipt may be exchanged for a share. */
export const MAX_RECEIPT_AGE_SECONDS = 600
/** Gas that a contract account's signature check may use (ERC-1271). */
export const SIGNATURE_CHECK_GAS = 150_000
/** Bytes of the signature of a message: a wallet of sixty owners has 3,900. */
export const MAX_SIGNATURE_BYTES = 4_096
/** Bytes of the signature of a sign-in, which may say how a wallet is made that is not deployed yet (ERC-6492). */
export const MAX_SIGN_IN_SIGNATURE_BYTES = 16_384
/** Basis points of the whole; treasury and custodians together never take more than half of a price. */
export const WHOLE_BPS = 10_000
export const MAX_FEES_BPS = 5_000
/** Bytes of one upload, unless the operator configures another limit: a plaintext of 5 GiB with 4 MiB for the seal. */
export const DEFAULT_MAX_UPLOAD_BYTES = 5_372_903_424
/** Hours for which an upload is kept unless the operator configures another number. */
export const DEFAULT_UPLOAD_HOURS = 24
/** Hours for which a file that nobody contributed is kept unless the operator configures another number. */
export const DEFAULT_UNCONTRIBUTED_HOURS = 72
/** Bytes of all files and uploads of an installation, unless the operator configures another limit: 1 TiB. */
export const DEFAULT_STORAGE_QUOTA_BYTES = 1_099_511_627_776
/** Bytes that an upload must leave free in the block store, unless the operator configures another number. */
export const DEFAULT_STORAGE_RESERVE_BYTES = 536_870_912
/** Datasets that a facet of the catalogue counts, unless the operator configures another number. */
export const DEFAULT_FACET_DATASETS = 10_000
/** Calls of one proposal, and UTF-16 units of its text. */
export const MAX_PROPOSAL_CALLS = 16
export const MAX_PROPOSAL_TEXT = 10_000
/** Latest time that fits a uint40. */
export const MAX_TIME = 2 ** 40 - 1
/** Decimals of every token that Granary pays in. */
export const TOKEN_DECIMALS = 18
/** Days of one answer of statistics: two years. */
export const MAX_STATISTICS_DAYS = 732
/** Letters of a recovery key sealed to a passkey, in age's text form: some 150 identities. */
export const MAX_PASSKEY_SEALED = 16_384
/** Letters of what says which passkey it is. */
export const MAX_PASSKEY_CREDENTIAL = 4_096
/** Copies of such files that the API keeps for an account, unless the operator configures another number. */
export const DEFAULT_PASSKEY_BACKUPS = 5
