import { texts } from '../../lib/language.js'

/** The build of this page, as the server names it. */
export const build = texts('build.build', {
  label: 'Build',
  copy: 'Copy',
  copyLabel: 'Copy the build’s CID',
  copied: 'Copied',
  unknown: 'This server does not say which build it serves.',
  ends: 'Where trust ends',
})

/** What this page cannot promise. No more than SECURITY.md says, and no less. */
export const ends = texts('build.ends', {
  title: 'Where trust ends',
  lead: 'This page does the sealing and shows you what you sign. Some things it cannot prove about itself, or about the others it depends on. Here they are.',
  page: {
    title: 'This page',
    text: [
      'Whoever serves this page (the operator, or somebody who broke in there) could serve another one, to everybody or to you alone. That one could read your files and your recovery key while you use it, or show you one thing and have you sign another. Nothing a page says about itself rules that out, this text and the build named below included.',
      'The page is built from public sources to the same bytes every time, loads nothing from anybody else, and each release names its build by a content address (CID). So anybody can compare what is served here with an honest build, from another program:',
    ],
    command: 'granary verify-web',
    copy: 'Copy the command',
    served: 'This server says that it serves this build:',
    note: 'Compare it with the CID that the release names, not with this page. The comparison detects a false page; it does not prevent one: a server may lie to some and not to others, or tomorrow and not today.',
    instead:
      'For files whose disclosure would harm you, use the command line in place of this page: granary contribute.',
  },
  wallet: {
    title: 'Your wallet',
    text: 'It has the last word: what it shows is what you sign, whatever this page says. Read it there. Whoever has its key can open all your datasets and change what they may be used for. If you lose it, nobody can withdraw for you.',
  },
  browser: {
    title: 'Your browser and device',
    text: 'Extensions, and whoever uses this browser profile, can read what this page reads. The key that opens your own files lies in the browser’s storage; keep its recovery file elsewhere.',
  },
  custodians: {
    title: 'The custodians',
    text: (needed: number, all: number) =>
      `Any ${needed} of the ${all} custodians together could open every file that is sealed to their key, also after they were replaced. You trust that fewer than ${needed} work together against you. None of them, and not the operator, can open anything alone.`,
    unknown:
      'Enough custodians together could open every file that is sealed to their key, also after they were replaced. None of them, and not the operator, can open anything alone.',
  },
  trainers: {
    title: 'The trainers',
    text: 'What a trainer was given it can keep and pass on. Keys are released only for what you allowed; that it is then used only so rests on the trainer’s word. Withdrawing stops every later release and takes nothing back.',
  },
  told: {
    title: 'What the server tells',
    text: 'Names, statistics and lists come from this network’s server, which could leave things out. Where this page says “verified”, it has computed that itself from the chain, as far as your wallet’s or the network’s connection to the chain tells the truth.',
  },
})
