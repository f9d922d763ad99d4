import { texts } from '../../lib/language.js'

/** Requests by who asks, and answers to several of them. */
export const group = texts('inbox.group', {
  loading: 'Looking what is there…',
  pays: (price: string) => `pays ${price}`,
  choose: (trainer: string, title: string) => `Choose the request of ${trainer} for ${title}`,
  several: 'Answer several at once',
  chosen: (n: number) => (n === 0 ? 'Choose all that wait' : `${n} chosen`),
  toChosen: {
    yes: (n: number) => (n === 1 ? 'Yes to the chosen one' : `Yes to the ${n} chosen`),
    no: (n: number) => (n === 1 ? 'No to the chosen one' : `No to the ${n} chosen`),
  },
  done: {
    yes: (n: number) => (n === 1 ? 'You said yes to one request.' : `You said yes to ${n} requests.`),
    no: (n: number) =>
      n === 1 ? 'You said no to one request, for good.' : `You said no to ${n} requests, for good.`,
  },
  always: 'Always for this trainer',
  alwaysLabel: (trainer: string) => `Always for this trainer, ${trainer}`,
  favoured: 'You want to say yes to this trainer.',
  forget: 'No longer',
  quick: 'Yes',
  quickLabel: (trainer: string, title: string) => `Say yes to ${trainer} for ${title}`,
})

export const several = texts('inbox.several', {
  title: {
    yes: (n: number) => (n === 1 ? 'Say yes to this request?' : `Say yes to these ${n} requests?`),
    no: (n: number) => (n === 1 ? 'Say no to this request?' : `Say no to these ${n} requests?`),
  },
  alwaysTitle: (trainer: string) => `Always say yes to ${trainer}?`,
  lead: (n: number) =>
    n === 1
      ? 'It was read from the chain just now. Your wallet asks you once.'
      : `They were read from the chain just now. Your wallet asks you ${n} times, once for each: no signature can say yes to more than one request.`,
  alwaysMeans:
    'This says yes to what waits now, and remembers your wish in this browser: the trainer’s next request comes first, with a yes by one click. It cannot answer by itself. On chain there is no yes in advance, so nobody, this page included, can give your data away without your signature.',
  pays: (sum: string) => `Together they pay ${sum}.`,
  sign: {
    yes: (n: number) => (n === 1 ? 'Yes, release it' : `Yes, release all ${n}`),
    no: (n: number) => (n === 1 ? 'No, for good' : `No to all ${n}, for good`),
  },
  progress: (done: number, all: number) => `${done} of ${all} answered. Your wallet asks for the next…`,
  some: (done: number, all: number) => `${done} of ${all} were answered. The rest still waits.`,
  rejected: 'You told your wallet not to sign, so the rest was not answered.',
  differs: 'On chain this request is another than this network’s server says. Nothing was signed.',
  close: 'Close',
})

export const record = texts('inbox.record', {
  since: (date: string) => `Approved since ${date}.`,
  notApproved: 'Not approved at the moment.',
  before: (requests: number, asked: number, uses: number, paid: string) =>
    `So far ${requests === 1 ? 'one request' : `${requests} requests`} for ${asked} datasets, ${uses} used, ${paid} paid.`,
})

export const answers = texts('inbox.answers', {
  title: 'What you answered',
  none: 'Nothing yet. Your answers stay here, also when a request is over.',
  failedTitle: 'Your answers cannot be shown right now',
  failed: 'They are kept on chain. This page keeps trying.',
  granted: (trainer: string, title: string) => `Yes to ${trainer}, for “${title}”`,
  refused: (trainer: string, title: string) => `No to ${trainer}, for “${title}”`,
  notUsed: 'not used so far',
  earned: (sum: string) => `earned ${sum}`,
})

export const notice = texts('inbox.notice', {
  badge: 'waiting',
  title: (n: number) => (n === 1 ? 'A request waits for your answer' : `${n} requests wait for your answer`),
  body: 'Somebody asks for a dataset of yours. Without your yes it is not released.',
  ask: 'Tell me in this browser',
  state: {
    default:
      'Granary sends no e-mail. Your browser can tell you of a new request while this page is open in some tab.',
    granted: 'Your browser tells you of new requests while this page is open in some tab.',
    denied:
      'Your browser was told not to show notifications of this page. New requests show as a number in the tab’s title; you can allow notifications in the browser’s settings.',
    unavailable:
      'Your browser shows no notifications of pages. New requests show as a number in the tab’s title.',
  },
})
