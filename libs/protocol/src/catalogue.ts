// Every error code there is, with its HTTP status and what to do about it. One code a failure; codes never change their
// meaning. The codes of Solidity's custom errors are their names in UPPER_SNAKE.

export const CATALOGUE = {
  // Anything
  INTERNAL: { status: 500, title: 'Something went wrong on our side. Try again; the logs tell more.' },
  ARGUMENT_INVALID: { status: 400, title: 'An argument is not what it must be. See the detail.' },
  VALIDATION_FAILED: { status: 400, title: 'The request is not valid. Correct the fields that are named.' },
  MALFORMED_JSON: { status: 400, title: 'The body is not JSON. Send valid JSON.' },
  CURSOR_INVALID: { status: 400, title: 'This cursor is not from this list. Start again without one.' },
  NOT_FOUND: { status: 404, title: 'There is nothing here. Check the address.' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This method is not offered here. See the documentation.' },
  NOT_ACCEPTABLE: { status: 406, title: 'This form is not offered. Ask for another content type.' },
  CONFLICT: { status: 409, title: 'This contradicts what is there already. Read the current state first.' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large. Send less at once.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'This content type is not taken. Send the one that is documented.',
  },
  RANGE_NOT_SATISFIABLE: {
    status: 416,
    title: 'The range lies outside the content. Ask for an earlier one.',
  },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests. Wait a little and try again.' },
  SERVICE_UNAVAILABLE: { status: 503, title: 'The service is not ready. Try again shortly.' },
  STORAGE_UNAVAILABLE: { status: 503, title: 'The block store does not answer. Try again shortly.' },
  DATABASE_UNAVAILABLE: { status: 503, title: 'The database does not answer. Try again shortly.' },
  CHAIN_UNAVAILABLE: { status: 503, title: 'The chain does not answer. Try again shortly.' },
  CHAIN_DISAGREES: {
    status: 503,
    title: 'The chain endpoints do not agree. Try again once they have caught up.',
  },
  TIMED_OUT: { status: 504, title: 'No answer came in time. Try again.' },
  ABORTED: { status: 499, title: 'It was stopped before it was done. Start it again when you like.' },
  UNREACHABLE: { status: 502, title: 'The server cannot be reached. Check its address and that it runs.' },
  UNKNOWN_PROBLEM: {
    status: 502,
    title: 'The server answered with an error this program does not know. Update it.',
  },
  ANSWER_INVALID: {
    status: 502,
    title: 'The server answered with something unexpected. Update the program.',
  },
  VERSION_UNKNOWN: { status: 400, title: 'This version is not known here. Update the program.' },

  // Configuration, deployment and networks
  CONFIG_INVALID: {
    status: 500,
    title: 'The configuration is not valid. Correct the variables that are named.',
  },
  DEPLOYMENT_INVALID: {
    status: 500,
    title: 'The deployment file is not valid. Use the one that the deploy wrote.',
  },
  DEPLOYMENT_MISSING: {
    status: 500,
    title: 'No deployment is known for this chain. Name its deployment file.',
  },
  NETWORK_MISMATCH: { status: 409, title: 'The server is on another network than this client. Check both.' },
  COMMITTEE_MISMATCH: {
    status: 409,
    title: 'Two endpoints name different committee keys. Do not seal; ask the operator.',
  },
  COMMITTEE_INVALID: {
    status: 409,
    title: 'The committee key and its shares do not fit together. Do not seal to it.',
  },
  COMMITTEE_MISSING: {
    status: 503,
    title: 'No committee is active yet. Wait until the custodians are ready.',
  },
  NETWORK_RUNNING: {
    status: 409,
    title: 'A network already runs on this folder. Stop it or choose another folder.',
  },
  PORT_IN_USE: { status: 409, title: 'The port is taken. Choose another one.' },
  START_FAILED: { status: 500, title: 'A part of the network did not start. Its log tells why.' },

  // Signing in
  UNAUTHENTICATED: { status: 401, title: 'You are not signed in. Sign in and try again.' },
  FORBIDDEN: { status: 403, title: 'This account may not do that. Sign in with the account that may.' },
  SESSION_EXPIRED: { status: 401, title: 'The session has ended. Sign in again.' },
  NONCE_UNKNOWN: { status: 401, title: 'This sign-in was used before or is too old. Ask for a new one.' },
  SIWE_MALFORMED: {
    status: 400,
    title: 'The sign-in message is not complete. Sign the text that the server made.',
  },
  SIWE_DOMAIN_MISMATCH: {
    status: 401,
    title: 'The sign-in message is for another site. Do not sign it; start again here.',
  },
  SIWE_CHAIN_MISMATCH: {
    status: 401,
    title: 'The sign-in message is for another chain. Switch the wallet and start again.',
  },
  SIWE_EXPIRED: {
    status: 401,
    title: 'The sign-in message has expired or is not valid yet. Ask for a new one.',
  },
  ADDRESS_MISMATCH: {
    status: 403,
    title: 'The signed-in account is not the one in the message. Sign in with that account.',
  },

  // Signed messages
  MESSAGE_INVALID: {
    status: 400,
    title: 'The signed message is not well formed. Correct the fields that are named.',
  },
  MESSAGE_UNKNOWN: { status: 400, title: 'There is no signed message of this name.' },
  SIGNATURE_INVALID: { status: 422, title: 'The signature does not fit. Sign again with the right account.' },
  MESSAGE_EXPIRED: { status: 422, title: 'The deadline of the signed message has passed. Sign a new one.' },
  SIGNER_MISSING: { status: 401, title: 'This needs a wallet. Set a private key or connect one.' },
  SIGNING_REFUSED: { status: 400, title: 'The wallet did not sign. Try again and confirm there.' },

  // Purposes and lists of datasets
  PURPOSE_UNKNOWN: {
    status: 400,
    title: 'There is no purpose of this name. Choose from the list of purposes.',
  },
  PURPOSES_UNDEFINED: {
    status: 422,
    title: 'A purpose is not defined or not offered yet. Choose from the list of purposes.',
  },
  PURPOSE_NOT_SINGLE: { status: 422, title: 'A request names exactly one use. Choose one.' },
  DATASETS_EMPTY: { status: 400, title: 'No dataset is named. Name at least one.' },
  DATASETS_TOO_MANY: { status: 400, title: 'Too many datasets at once. Split the list.' },
  DATASETS_NOT_ASCENDING: { status: 400, title: 'Dataset ids must ascend without repeats. Sort them.' },
  INDEX_OUTSIDE: { status: 400, title: 'The index lies outside the manifest.' },

  // Content and documents
  CID_INVALID: { status: 400, title: 'This is not a content address of the kind Granary uses.' },
  CID_MISMATCH: {
    status: 422,
    title: 'The bytes have another content address than announced. Send them again.',
  },
  DOCUMENT_INVALID: { status: 422, title: 'The document is not valid. Correct the fields that are named.' },
  DOCUMENT_TOO_LARGE: { status: 413, title: 'The document is too large. Shorten it.' },
  DOCUMENT_MISMATCH: { status: 422, title: 'The document is not the one that was signed. Send that one.' },
  CONTENT_UNAVAILABLE: { status: 503, title: 'The sealed file cannot be fetched now. Try again later.' },
  CONTENT_ALTERED: {
    status: 422,
    title: 'The sealed file was altered. What was received of it is thrown away.',
  },
  CONTENT_UNKNOWN: { status: 404, title: 'This content is not held here. Upload it first.' },
  BLOCK_UNKNOWN: { status: 404, title: 'This block is not held here.' },
  BLOCK_TOO_LARGE: { status: 422, title: 'A block is larger than two mebibytes and is not taken.' },

  // Uploads
  UPLOAD_UNKNOWN: { status: 404, title: 'This upload is not known or was thrown away. Start it again.' },
  UPLOAD_TOO_LARGE: { status: 413, title: 'The file is larger than this server takes. Send a smaller one.' },
  UPLOAD_INCOMPLETE: { status: 409, title: 'The upload is not complete. Send the rest first.' },
  UPLOAD_METADATA_INVALID: {
    status: 400,
    title: 'The upload must name its content address in its metadata.',
  },
  QUOTA_EXCEEDED: {
    status: 413,
    title: 'This account has used up its storage. Finish or remove other uploads.',
  },

  // Sealed files
  HEADER_INVALID: { status: 422, title: 'The file does not begin with a valid age header. Seal it again.' },
  HEADER_ALTERED: { status: 422, title: 'The header of the sealed file was altered. Fetch it again.' },
  HEADER_TOO_LARGE: {
    status: 422,
    title: 'The header of the sealed file is larger than 16 KiB. Use fewer recipients.',
  },
  STANZA_MISSING: { status: 422, title: 'The file is not sealed to a committee. Seal it again.' },
  STANZA_REPEATED: { status: 422, title: 'The file is sealed to a committee more than once. Seal it again.' },
  STANZA_INVALID: {
    status: 422,
    title: 'The part of the header for the committee is not valid. Seal the file again.',
  },
  COMMITTEE_UNKNOWN: {
    status: 422,
    title: 'The file is sealed to another committee. Seal it to the current one.',
  },
  SHARE_INVALID: { status: 502, title: 'A custodian gave a false share. Ask another custodian.' },
  SHARING_INVALID: {
    status: 409,
    title: 'The shares of the committee key do not fit together. Do not seal to it.',
  },
  SHARES_TOO_FEW: { status: 503, title: 'Too few valid shares. Ask again when more custodians answer.' },
  PAYLOAD_INVALID: { status: 422, title: 'The sealed file is not well formed. Fetch it again.' },
  PAYLOAD_TRUNCATED: { status: 422, title: 'The sealed file ends too early. Fetch it again.' },
  PAYLOAD_ALTERED: { status: 422, title: 'The sealed file was altered. Do not use what came out of it.' },
  OPEN_FAILED: {
    status: 422,
    title: 'None of these keys opens the file. Use the identity it was sealed to.',
  },
  IDENTITY_INVALID: {
    status: 400,
    title: 'This is not an age identity. Use the recovery file or `granary keygen`.',
  },
  IDENTITY_MISMATCH: {
    status: 422,
    title: 'The file is not sealed to this identity. Use the one it was sealed to.',
  },
  IDENTITY_MISSING: { status: 400, title: 'No identity is known for this account. Name its file.' },
  RECIPIENT_INVALID: { status: 400, title: 'This is not an age recipient. It begins with age1.' },
  RANGE_INVALID: { status: 416, title: 'The range lies outside the file. Ask for an earlier one.' },
  CIPHER_UNAVAILABLE: {
    status: 500,
    title: 'This platform lacks the cipher that was asked for. Choose another one.',
  },
  RANDOM_UNAVAILABLE: {
    status: 500,
    title: 'This platform has no source of secure randomness. Do not seal here.',
  },

  // Custodians' checks of an order
  ORDER_INVALID: {
    status: 400,
    title: 'The release order is not well formed. Correct the fields that are named.',
  },
  ORDER_SIGNATURE_INVALID: {
    status: 403,
    title: 'The order is not signed by the trainer of the request. Sign it with that account.',
  },
  ORDER_EXPIRED: { status: 403, title: 'The deadline of the order has passed. Sign a new one.' },
  ORDER_DATASETS_MISMATCH: {
    status: 400,
    title: 'The datasets are not those that the order signs. Send the same list.',
  },
  REQUEST_UNKNOWN: { status: 404, title: 'There is no such access request on chain.' },
  REQUEST_EXPIRED: { status: 403, title: 'The access request has expired. Open a new one.' },
  REQUEST_REFUNDED: { status: 403, title: 'The access request was refunded. Open a new one.' },
  REQUEST_FINAL: { status: 403, title: 'The access request is settled for good. Open a new one.' },
  TRAINER_NOT_APPROVED: {
    status: 403,
    title: 'The trainer is not approved. Apply and wait for the approval.',
  },
  TRAINER_SUSPENDED: { status: 403, title: 'The trainer is suspended. Ask the council.' },
  TRAINER_UNKNOWN: { status: 404, title: 'This account never applied as a trainer.' },
  DATASET_NOT_IN_MANIFEST: {
    status: 403,
    title: 'The dataset is not in the manifest of the request. Request it.',
  },
  DATASET_UNKNOWN: { status: 404, title: 'There is no such dataset on chain.' },
  DATASET_OTHER_POOL: { status: 403, title: 'The dataset belongs to another pool than the request.' },
  CONSENT_PURPOSE_MISSING: { status: 403, title: 'The owner does not consent to this purpose.' },
  CONSENT_EXPIRED: {
    status: 403,
    title: 'The consent has expired or would begin expired. Choose a later date.',
  },
  CONSENT_WITHDRAWN: { status: 403, title: 'The owner has withdrawn consent.' },
  APPROVAL_MISSING: {
    status: 403,
    title: 'The owner has not approved this request yet. Wait for the approval.',
  },
  APPROVAL_REFUSED: { status: 403, title: 'The owner has refused this request.' },
  CONTENT_NOT_OF_DATASET: {
    status: 422,
    title: 'This content is not that of the dataset. Name the right one.',
  },
  NOT_OWNER: { status: 403, title: 'Only the owner of the dataset may do that. Sign with that account.' },

  // Receipts, shares and key generation
  RECEIPTS_TOO_FEW: {
    status: 403,
    title: 'Receipts of a full quorum are needed first. Ask more custodians for theirs.',
  },
  RECEIPT_INVALID: {
    status: 403,
    title: 'A receipt does not fit its order, epoch, member or signature. Ask for it again.',
  },
  RECEIPT_OLD: { status: 403, title: 'A receipt is more than ten minutes old. Ask for a new one.' },
  RECEIPT_MISSING: {
    status: 403,
    title: 'This custodian has not receipted the dataset itself. Ask it for a receipt first.',
  },
  DELIVERY_INVALID: {
    status: 502,
    title: 'The custodian did not sign its answer properly. Ask another custodian.',
  },
  ANSWER_UNREADABLE: {
    status: 422,
    title: 'The sealed answer does not open with this identity. Use the one of the request.',
  },
  CUSTODIANS_UNAVAILABLE: {
    status: 503,
    title: 'Too few custodians answer. Nothing was charged; try again later.',
  },
  CUSTODIAN_NOT_READY: {
    status: 503,
    title: 'The custodian holds no share yet. Try again when the committee is active.',
  },
  EPOCH_UNKNOWN: { status: 404, title: 'This custodian knows no such epoch of the committee.' },
  EPOCH_MISMATCH: { status: 409, title: 'This belongs to another epoch of the committee. Start again.' },
  KEY_GENERATION_INVALID: { status: 400, title: 'The package of the key generation is not valid.' },
  KEY_GENERATION_SIGNATURE_INVALID: {
    status: 403,
    title: 'The package of the key generation is not signed by its member.',
  },
  KEY_GENERATION_CONFLICT: {
    status: 409,
    title: 'A member sent two different packages. Begin a new session.',
  },
  KEY_GENERATION_FAILED: {
    status: 500,
    title: 'The key generation failed. The custodians begin a new session.',
  },
  SESSION_UNKNOWN: { status: 404, title: 'This custodian knows no such session of the key generation.' },
  LEDGER_CORRUPT: { status: 500, title: 'The ledger is damaged. Restore it from a copy before going on.' },

  // Settlement and rewards
  SETTLEMENT_INVALID: {
    status: 422,
    title: 'The settlement does not follow from the receipts. It is not signed.',
  },
  SETTLEMENT_UNKNOWN: { status: 404, title: 'There is no settlement of this number here.' },
  SETTLEMENT_ALREADY_SIGNED: { status: 409, title: 'Another document of this number is signed already.' },
  SETTLEMENT_USE_REPEATED: { status: 422, title: 'A use is counted twice. It is not signed.' },
  SETTLEMENT_USE_MISSING: { status: 422, title: 'A use whose quorum is held is missing. It is not signed.' },
  SETTLEMENT_AMOUNT_WRONG: {
    status: 422,
    title: 'An amount does not follow from price and split. It is not signed.',
  },
  SETTLEMENT_DOCUMENT_UNAVAILABLE: {
    status: 503,
    title: 'A settlement document cannot be fetched. Try again later.',
  },
  SIGNATURES_TOO_FEW: { status: 503, title: 'Too few custodians signed the settlement. Try again later.' },
  REWARDS_MISMATCH: { status: 502, title: 'The rewards do not fit the root on chain. Do not rely on them.' },
  REWARD_UNKNOWN: { status: 404, title: 'This account has earned nothing yet.' },

  // Requests, relays and the web
  MANIFEST_EMPTY: { status: 422, title: 'No dataset fits. Choose another pool or purpose.' },
  MANIFEST_MISMATCH: {
    status: 422,
    title: 'The manifest does not fit the root that was signed. Do not rely on it.',
  },
  MANIFEST_TOO_LARGE: { status: 422, title: 'The manifest names too many datasets. Narrow the request.' },
  DATASET_NOT_ELIGIBLE: {
    status: 422,
    title: 'A dataset that was named does not allow this use now. Leave it out.',
  },
  POOL_MISMATCH: { status: 422, title: 'The pool differs from the one expected.' },
  ALLOWANCE_TOO_LOW: {
    status: 422,
    title: 'The allowance does not cover the price. Sign a permit or approve more.',
  },
  BALANCE_TOO_LOW: { status: 422, title: 'The balance does not cover the price. Get more of the token.' },
  RELAY_UNKNOWN: { status: 404, title: 'This relay is not known.' },
  RELAY_REFUSED: { status: 422, title: 'The chain refused the message. The detail says why.' },
  RELAY_UNAVAILABLE: { status: 503, title: 'The relayer cannot send now. Try again later.' },
  IDEMPOTENCY_CONFLICT: { status: 409, title: 'This key was used for another request. Choose a new one.' },
  INSECURE_CONTEXT: { status: 400, title: 'Sealing needs https or localhost. Open the page that way.' },
  WALLET_MISSING: { status: 400, title: 'No wallet was found. Install one, or use the development wallet.' },
  WALLET_WRONG_CHAIN: { status: 409, title: 'The wallet is on another chain. Switch it and try again.' },

  // The command line
  ENVIRONMENT_INVALID: {
    status: 400,
    title: 'An environment variable is not usable. Correct it and try again.',
  },
  PORT_TAKEN: {
    status: 409,
    title: 'A port is used by another program. Choose another or stop that program.',
  },
  PROCESS_FAILED: { status: 500, title: 'A process of the network ended. Its log tells why.' },
  START_TIMEOUT: {
    status: 504,
    title: 'A process of the network was not ready in time. Its log tells more.',
  },
  NETWORK_STOPPING: { status: 503, title: 'The network is stopping. Start it again.' },
  NETWORK_FILE_INVALID: {
    status: 409,
    title: 'The folder was written by another version. Choose another folder with --data.',
  },
  CHAIN_STATE_BROKEN: {
    status: 500,
    title: 'The saved chain cannot be read. Start a new network with another --data.',
  },
  PROGRAM_NOT_BUILT: { status: 500, title: 'A program is not built. Run `npm run build` first.' },
  USAGE: { status: 400, title: 'The command was not understood. See --help.' },
  FILE_UNREADABLE: { status: 400, title: 'The file cannot be read. Check its name and rights.' },
  FILE_CHANGED: { status: 409, title: 'The file changed while it was sealed. Begin again.' },
  FILE_EXISTS: { status: 409, title: 'The file exists already. Remove it or choose another name.' },
  NOT_CONFIRMED: { status: 400, title: 'Nothing was done, since it was not confirmed. Add --yes.' },
  DATE_INVALID: { status: 400, title: 'This is not a date. Write it as 2030-12-31.' },
  FETCH_INCOMPLETE: {
    status: 502,
    title: 'Some datasets could not be fetched. The list says which and why.',
  },
  SPOOL_FULL: { status: 507, title: 'There is no room for the sealed copy. Free some space.' },

  // Custom errors of the contracts
  CONTRACT_REVERTED: {
    status: 422,
    title: 'The contract refused. The detail says why, if it gave a reason.',
  },
  DATASET_EXISTS: { status: 409, title: 'The dataset is registered already.' },
  DATASET_WITHDRAWN: { status: 409, title: 'The dataset was withdrawn, which is final.' },
  POOL_UNKNOWN: { status: 404, title: 'There is no such pool. Choose another one.' },
  POOL_IS_CLOSED: { status: 422, title: 'The pool is closed. Choose another one.' },
  FLAGS_UNDEFINED: {
    status: 422,
    title: 'A flag is not defined. A contribution may set ask and raw root only.',
  },
  CONSENT_OUTDATED: { status: 409, title: 'A newer change of consent is there already. Sign a new one.' },
  CONSENT_FROM_FUTURE: {
    status: 422,
    title: 'The change of consent is dated in the future. Check the clock.',
  },
  PRICE_BELOW_LOWEST: { status: 422, title: 'The price lies below the lowest price of the pool. Raise it.' },
  LENGTH_MISMATCH: { status: 400, title: 'There must be one signature for each message.' },
  TRAINER_IS_SUSPENDED: { status: 403, title: 'The trainer is suspended. Ask the council.' },
  REQUEST_EXISTS: { status: 409, title: 'This access request is open already.' },
  REQUEST_IS_FINAL: { status: 409, title: 'The access request is settled for good.' },
  REQUEST_IS_REFUNDED: { status: 409, title: 'The access request was refunded already.' },
  REQUEST_NOT_REFUNDABLE: {
    status: 409,
    title: 'Nothing can be refunded yet. Wait for the end of the settlement window.',
  },
  COUNT_ZERO: { status: 422, title: 'A request needs at least one dataset.' },
  PRICE_ABOVE_MAXIMUM: {
    status: 422,
    title: 'The price is above the maximum that was signed. Raise the maximum or leave it.',
  },
  RECIPIENT_LOW_ORDER: { status: 422, title: 'The recipient is a weak key. Make another identity.' },
  ESCROW_EXCEEDED: { status: 422, title: 'The spending exceeds what is held for the request.' },
  APPROVAL_FINAL: { status: 409, title: 'A refusal was given, which is final.' },
  NOT_REWARD_POOL: { status: 403, title: 'Only the reward pool may do that.' },
  NOTHING_TO_CLAIM: { status: 409, title: 'There is nothing to claim. All that was earned is paid out.' },
  PROOF_INVALID: { status: 422, title: 'The proof does not fit the current root. Get a new one.' },
  TERMS_MISSING: { status: 422, title: 'A pool needs a terms document.' },
  PRICE_TOO_HIGH: { status: 422, title: 'The price does not fit into 128 bits. Lower it.' },
  ESCROW_TOO_LARGE: {
    status: 422,
    title: 'Price times count does not fit into 128 bits. Ask for fewer datasets.',
  },
  FEES_TOO_HIGH: { status: 422, title: 'The fees exceed half of the price. Lower them.' },
  APPROVAL_PAST: { status: 422, title: 'The approval would end in the past. Choose a later date.' },
  ADDRESS_ZERO: { status: 422, title: 'An address is zero. Name the account or contract.' },
  COMMITTEE_SIZE_INVALID: {
    status: 422,
    title: 'A committee needs t of at least 2 and n from 2t - 1 to 64.',
  },
  MEMBER_REPEATED: { status: 422, title: 'A member is named twice. Name each account once.' },
  MEMBER_INCOMPLETE: { status: 422, title: 'A member lacks account, endpoint or recipient. Complete it.' },
  NOT_MEMBER: { status: 403, title: 'This account is not a member of the committee.' },
  KEY_ZERO: { status: 422, title: 'A key of the committee is zero. Generate the key again.' },
  EPOCH_IS_ACTIVE: { status: 409, title: 'This epoch of the committee is active already.' },
  EPOCH_SUPERSEDED: { status: 409, title: 'A newer epoch of the committee is active already.' },
  EPOCH_NOT_CURRENT: {
    status: 409,
    title: 'The settlement is not signed by the current committee. Sign it again.',
  },
  NUMBER_INVALID: { status: 409, title: 'The number does not follow the last settlement. Read it again.' },
  PREVIOUS_DOCUMENT_INVALID: {
    status: 409,
    title: 'The settlement does not follow the last document. Read it again.',
  },
  TOTAL_INVALID: { status: 422, title: 'The total did not grow by exactly what was spent.' },
  DOCUMENT_MISSING: { status: 422, title: 'A settlement needs a root and a document.' },
  SIGNERS_NOT_ASCENDING: { status: 422, title: 'Signatures must be sorted by their signers, each once.' },
  SIGNER_NOT_MEMBER: { status: 403, title: 'A signer is not a member of the current committee.' },
  SPENDING_MISMATCH: { status: 422, title: 'What was spent and what arrived differ.' },
  SETTLED_EXCEEDED: { status: 422, title: 'The claim exceeds what was settled.' },

  // Custom errors of OpenZeppelin's contracts under ours
  OWNABLE_UNAUTHORIZED_ACCOUNT: {
    status: 403,
    title: 'Only the owner of the contract may do that. Use the council account.',
  },
  OWNABLE_INVALID_OWNER: { status: 422, title: 'This account cannot own the contract.' },
  SAFE_ERC20_FAILED_OPERATION: {
    status: 422,
    title: 'The token refused the transfer. Check balance and allowance.',
  },
  ERC20_INSUFFICIENT_BALANCE: {
    status: 422,
    title: 'The balance does not cover the amount. Get more of the token.',
  },
  ERC20_INSUFFICIENT_ALLOWANCE: {
    status: 422,
    title: 'The allowance does not cover the amount. Sign a permit or approve more.',
  },
  ERC20_INVALID_APPROVER: { status: 422, title: 'This account cannot give an allowance.' },
  ERC20_INVALID_RECEIVER: { status: 422, title: 'This account cannot receive the token.' },
  ERC20_INVALID_SENDER: { status: 422, title: 'This account cannot send the token.' },
  ERC20_INVALID_SPENDER: { status: 422, title: 'This account cannot be given an allowance.' },
  ERC2612_EXPIRED_SIGNATURE: { status: 422, title: 'The permit has expired. Sign a new one.' },
  ERC2612_INVALID_SIGNER: {
    status: 422,
    title: 'The permit is not signed by the owner of the tokens. Sign it again.',
  },
  INVALID_ACCOUNT_NONCE: { status: 409, title: 'The permit was used already. Sign a new one.' },
  ECDSA_INVALID_SIGNATURE: { status: 422, title: 'The signature is not valid. Sign again.' },
  ECDSA_INVALID_SIGNATURE_LENGTH: { status: 422, title: 'The signature has not 65 bytes. Sign again.' },
  ECDSA_INVALID_SIGNATURE_S: {
    status: 422,
    title: 'The signature is not in its canonical form. Sign again.',
  },
  INVALID_SHORT_STRING: { status: 422, title: 'A text does not fit the contract.' },
  STRING_TOO_LONG: { status: 422, title: 'A text is too long for the contract. Shorten it.' },
} as const satisfies Record<string, { status: number; title: string }>

/** A stable code of the catalogue. */
export type ErrorCode = keyof typeof CATALOGUE
