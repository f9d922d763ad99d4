import type { VerifiedBalance, VerifiedUse } from '@granary/sdk'
import { moment, short } from '../../lib/format.js'
import { texts } from '../../lib/language.js'

/** What this page has computed for itself, and what not. */
export const verified = texts('rewards.verified', {
  title: 'Check it yourself',
  lead: 'What is shown here comes from Granary’s server. This page can hold it against the chain: your balance, and each amount down to the receipts that the custodians signed.',
  start: 'Check against the chain',
  again: 'Check again',
  checking: 'Checking against the chain…',
  yes: 'Verified by this page',
  no: 'This does not hold',
  unsure: 'Could not be verified',
  notYet: 'Not checked',
  what: 'What was checked',
  nothing: 'Nothing earned is in effect yet, so there is nothing to prove.',
  balance: (balance: VerifiedBalance, amount: (smallest: string) => string) => [
    ...(balance.proof
      ? [
          `${amount(balance.earned)} earned is a leaf of the rewards’ tree: ${balance.proof.steps} hashes lead from it to a root.`,
          `That root is the one of settlement ${balance.proof.settlement}, which is in effect. It was read from the contract ${short(balance.rewardPool)} on chain ${balance.chainId}.`,
        ]
      : []),
    `${amount(balance.claimed)} claimed is what that contract says.`,
  ],
  behind: (settlements: number) =>
    `${settlements === 1 ? 'One later settlement is' : `${settlements} later settlements are`} in effect that the server has not read yet: you may have earned more.`,
  use: (use: VerifiedUse, amount: (smallest: string) => string) => [
    `Settlement ${use.settlement.number} is on chain. Its document was fetched and hashes to ${short(use.settlement.document)}, the digest there.`,
    `It pays ${amount(use.amount)} to your account for this dataset under this request. The dataset is yours, by the registry on chain.`,
    `The request is on chain, by ${short(use.trainer)}. It paid ${amount(use.price)} for the use; the split fixed in it leaves you ${amount(use.amount)}.`,
    `${use.receipts.length} custodians signed for the release, ${use.threshold} are needed: ${use.receipts.map(({ account, time }) => `${short(account)} on ${moment(new Date(time * 1000))}`).join(', ')}. Their accounts are those of epoch ${use.epoch} on chain.`,
    use.trainerSignature === 'read'
      ? 'The trainer’s signature under the request was found in the transaction that opened it, and recovered here.'
      : 'The trainer’s signature was not read here: the contract checked it when the request was opened.',
  ],
  endpoint: {
    wallet: 'The chain was read through your wallet.',
    own: 'The chain was read through an endpoint of your own.',
    'named-by-api':
      'The chain was read through the endpoint that the server names, since the development wallet has none: on your own machine that is enough, elsewhere it would not be.',
  } satisfies Record<VerifiedBalance['endpoint'], string>,
  limits: 'Not shown by this: that no use was left out, nor what a trainer does with the data.',
  lies: 'The server says something else than the chain. Do not rely on what it shows here, and tell others: it may be broken, or lying.',
  trouble: {
    CHAIN_UNAVAILABLE: 'The chain cannot be read through your wallet right now. Try again in a moment.',
    SETTLEMENT_DOCUMENT_UNAVAILABLE:
      'The settlement’s document could be fetched neither from the server nor from a custodian. Try again later.',
    DEPLOYMENT_MISSING:
      'This page was not built for this network, so it does not know which contracts to ask.',
    NETWORK_MISMATCH: 'Your wallet is on another network than this page. Change it and try again.',
    UNREACHABLE: 'The network stopped answering. Try again in a moment.',
  } as Record<string, string>,
  contradiction: {
    PROOF_INVALID: 'The proof does not lead to the amount that is shown.',
    REWARDS_MISMATCH: 'What is shown is not what the chain and the settlement say.',
    SETTLEMENT_UNKNOWN: 'There is no such settlement on chain.',
    DOCUMENT_MISMATCH: 'The document is not the one whose digest is on chain.',
    DOCUMENT_INVALID: 'The document is not the one whose digest is on chain.',
    NOT_OWNER: 'On chain the dataset belongs to somebody else.',
    SETTLEMENT_AMOUNT_WRONG: 'The amount does not follow from price and split on chain.',
    RECEIPT_INVALID: 'A receipt is not signed by a custodian of that time, or not for this release.',
    RECEIPTS_TOO_FEW: 'Fewer custodians signed for the release than are needed.',
    REQUEST_UNKNOWN: 'There is no such request on chain.',
    EPOCH_UNKNOWN: 'The custodians who are said to have signed are not on chain.',
  } as Record<string, string>,
})
