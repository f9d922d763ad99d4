import { texts } from '../../lib/language.js'

// What Granary is, how it goes, and whom one has to trust. The table says no more than the tests show.

export const intro = texts('intro.intro', {
  title: ['Keep your data.', 'Be paid when it is used.'],
  lead: 'Granary keeps your files sealed, lets approved trainers of AI models use them only for what you allowed, and pays you each time they do.',
})

export const steps = [
  {
    title: 'You seal',
    text: 'Your file is encrypted in this browser, with a key made for that file alone. Only the sealed file leaves your device.',
  },
  {
    title: 'You decide',
    text: 'You say what it may be used for and until when. Your wallet signs that; it is written on chain at no cost to you.',
  },
  {
    title: 'You earn',
    text: 'A trainer pays before it gets a key, for each dataset it requests. Your part waits until you claim it. You can withdraw at any time.',
  },
]

export const trust = texts('intro.trust', {
  title: 'Whom you have to trust',
  lead: 'Nobody with everything. This is what each of the others could do if it turned bad, and what it could not.',
  who: 'If this one is bad',
  can: 'it can',
  cannot: 'it cannot',
  rows: [
    {
      who: 'The operator of this network, apart from serving this page',
      can: 'refuse or delay service, and learn who asks for what',
      cannot: 'read your data, change what you allowed, or touch your rewards',
    },
    {
      who: 'Whoever serves this web page',
      can: 'read files and recovery keys while the page is in use, or show you one thing and ask you to sign another',
      cannot: 'do so to people who use the command line instead',
    },
    {
      who: 'One custodian, or fewer than are needed together',
      can: 'refuse its part',
      cannot: 'open anything',
    },
    {
      who: 'So many custodians refusing that too few are left',
      can: 'stop releases and rewards; uses that were not settled yet go unpaid',
      cannot: 'keep your data or anybody’s money',
    },
    {
      who: 'As many custodians as are needed together',
      can: 'open every file sealed to their key, and settle rewards falsely',
      cannot: 'change what you allowed, on chain',
    },
    {
      who: 'The guardian, who watches over settlements',
      can: 'void a settlement before it takes effect, again and again',
      cannot: 'do anything else: nothing is paid to it, and what was voided is settled again',
    },
    {
      who: 'The council',
      can: 'approve a bad trainer, or suspend and revoke a good one, until the votes take that right away',
      cannot: 'change prices or fees, choose custodians, or open a sealed file',
    },
    {
      who: 'A majority of votes',
      can: 'approve a bad trainer, choose the custodians for files to come, raise fees up to a fixed limit, and spend the treasury',
      cannot: 'open a sealed file, forge your consent, or go under a pool’s lowest price',
    },
    {
      who: 'A trainer',
      can: 'leak what it was given',
      cannot: 'get a dataset for a purpose you did not allow, or pay less than the price',
    },
    {
      who: 'A thief of your wallet key',
      can: 'open all your datasets and change what you allowed',
      cannot: 'touch anybody else',
    },
  ],
  plainly:
    'Withdrawing stops every future release. It cannot take back what a trainer already has. What is on chain and in titles and descriptions is public for ever, and sealed files may be copied and, some day, broken.',
})
