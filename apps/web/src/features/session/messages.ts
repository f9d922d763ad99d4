import { texts } from '../../lib/language.js'

export const session = texts('session.session', {
  connectTitle: 'Connect a wallet',
  connectLead: 'Your wallet is your account here. It signs; it never pays: Granary covers the network fees.',
  asked: (name: string) =>
    `${name} was asked and has not answered yet. If you see no window of it, open it; or choose another wallet.`,
  noWallet: 'No wallet was found in this browser.',
  noWalletHelp: 'Install a browser wallet for Ethereum and reload this page.',
  noWalletDevelopment: 'You need none on this network: the development wallet below will do.',
  developmentTitle: 'Development wallet',
  developmentText:
    'This is the embedded network on one machine. Its accounts are for trying things out: their keys are public and protect nothing.',
  developmentAccount: 'Account',
  developmentUse: 'Use the development wallet',
  development: {
    contributor: (number: number) => `Contributor ${number + 1}`,
    trainer: (number: number) => `Trainer ${number + 1}`,
    council: () => 'Council',
  } as Record<'contributor' | 'trainer' | 'council', (number: number) => string>,
  signTitle: 'Sign in',
  signLead:
    'Your wallet is asked to sign this text. It costs nothing and moves nothing; it shows that the account is yours.',
  signText: 'The text to sign',
  signAction: (name: string) => `Sign in with ${name}`,
  signing: 'Waiting for your wallet…',
  otherWallet: 'Use another wallet',
  signOut: 'Sign out',
  back: 'Sign in again with this wallet, or choose another one.',
  rejected: 'Nothing was signed. You can try again whenever you like.',
  failed: 'Signing in did not work',
  otherAddressTitle: 'This page has another address',
  otherAddress: (url: string) =>
    `The network expects you at ${url}. A wallet would rightly warn about signing in from here.`,
  otherAddressAction: 'Go there',
  chainTitle: 'Your wallet is on another network',
  chainText: (chain: string) =>
    `Granary lives on ${chain} here. Your wallet has to be set to it before it can sign.`,
  chainAction: 'Change network',
  chainName: (chainId: number, development: boolean) =>
    development ? `the embedded network (chain ${chainId})` : `chain ${chainId}`,
})

export const network = texts('session.network', {
  loading: 'Looking for the network…',
  unavailableTitle: 'The network cannot be reached',
  unavailable:
    'Your datasets and rewards are not affected. This page keeps trying; on your own machine, see whether Granary is still running.',
  retry: 'Try again now',
  staleTitle: (age: string) => `What you see is ${age} old`,
  unreadTitle: 'What you see may be old',
  staleReached: 'Granary is behind the chain and is catching up. Nothing is lost; this goes away by itself.',
  staleUnreached:
    'Granary cannot reach the chain at the moment and keeps trying. Nothing is lost; what happened since then shows once it is back.',
  embedded: 'Embedded network',
  chain: (chainId: number) => `Chain ${chainId}`,
  insecureTitle: 'Sealing needs https or localhost',
  insecure:
    'This page was opened over plain http, where browsers offer no safe place to encrypt files and anybody on the way could change the page. Open it over https, or on the machine that runs Granary itself.',
  insecureAction: (url: string) => `On that machine: ${url}`,
  noCommitteeTitle: 'The custodians are not ready yet',
  noCommittee:
    'They are still making their common key, to which your files are sealed. This takes a few seconds on a new network.',
})
