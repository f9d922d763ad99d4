import { texts } from '../lib/language.js'

/** Known troubles of something that is signed and written on chain, by code. */
export const troubles = texts<Record<string, string>>('components.troubles', {
  UNREACHABLE: 'The network stopped answering. Look again in a moment whether it went through.',
  TIMED_OUT: 'It is taking longer than usual. It may still go through: look again in a moment.',
  UNAUTHENTICATED: 'You are no longer signed in. Reload the page and sign in again.',
  SESSION_EXPIRED: 'You are no longer signed in. Reload the page and sign in again.',
  CONTENT_ERASED: 'The sealed file was erased, as its owner asked. It does not come back.',
  DATASET_NOT_WITHDRAWN: 'The network has not seen the withdrawal yet. Try again in a moment.',
  DATASET_WITHDRAWN: 'The dataset is withdrawn, which is final.',
  CHAIN_UNAVAILABLE: 'The chain itself cannot be read from here, so there is nothing to go by.',
  CUSTODIANS_UNAVAILABLE: 'Too few custodians answer right now. Try again later: nothing is lost.',
  CONTENT_ALTERED: 'What was sent is not what you sealed. It was thrown away.',
  CONTENT_UNAVAILABLE: 'The sealed file could not be fetched right now.',
  NETWORK_MISMATCH: 'The network is not the one this page was made for.',
  DEPLOYMENT_MISSING: 'This page was not built for this network.',
  WALLET_CHANGED: 'The wallet changed its account while you were reading. Nothing was signed.',
  SIGNING_REFUSED:
    'This is none of the messages that Granary signs here, so your wallet was not asked. Nothing was signed.',
})

/** What was read before and cannot be read anew. */
export const unread = texts('components.unread', {
  old: 'What is shown here may be old: it cannot be read anew right now. This page keeps trying.',
})

/** What is said of every other trouble: its own message. */
export const trouble = texts('components.trouble', {
  unknown: (_code: string | undefined, message: string) => message,
})
