import type { ActionName } from '@granary/protocol'
import { texts } from '../../lib/language.js'

/** What the calls of a proposal do, each from its method's arguments in their order, as calls.ts writes them. */
export const calls = texts('governance.calls', {
  does: {
    'pool-create': (terms: string, lowest: string, price: string) =>
      `Open a new pool at ${price} per use, never below ${lowest}, under the terms ${terms}`,
    'pool-price': (pool: string, price: string) => `Set the price of pool ${pool} to ${price} per use`,
    'pool-close': (pool: string) => `Close pool ${pool}: it takes no new contributions or requests`,
    'pool-open': (pool: string) => `Open pool ${pool} again`,
    'trainer-approve': (trainer: string, until: string, profile: string) =>
      `Approve the trainer ${trainer} until ${until}, with the profile ${profile}`,
    'trainer-revoke': (trainer: string) => `Take the approval of the trainer ${trainer} back`,
    'trainer-suspend': (trainer: string) =>
      `Suspend the trainer ${trainer}: nothing is released to it any more`,
    'trainer-resume': (trainer: string) => `End the suspension of the trainer ${trainer}`,
    'council-add': (account: string) =>
      `Take ${account} into the council, which may approve and suspend trainers at once`,
    'council-remove': (account: string) => `Take ${account} out of the council`,
    fees: (treasury: string, custodians: string) =>
      `Of each use give ${treasury} to the treasury and ${custodians} to the custodians, the rest to the owner`,
    window: (seconds: string) => `Let requests be settled up to ${seconds} after they expire`,
    'committee-propose': (threshold: string, members: string) =>
      `Name a committee of which any ${threshold} custodians open a file: ${members}`,
    guardian: (account: string) =>
      `Make ${account} the guardian, who may void settlements during their delay`,
    'treasury-set': (account: string) => `Pay the treasury's part of each use to ${account} from now on`,
    'treasury-pay': (to: string, amount: string) => `Pay ${amount} out of the treasury to ${to}`,
    'voting-delay': (seconds: string) => `Let votes begin ${seconds} after a proposal`,
    'voting-period': (seconds: string) => `Let votes last ${seconds}`,
    'proposal-threshold': (votes: string) => `Ask ${votes} of who proposes`,
    quorum: (percent: string) => `Ask ${percent} of all GRAIN to take part in a vote, for or abstaining`,
    'timelock-delay': (seconds: string) => `Let what was decided wait ${seconds} before it happens`,
  } satisfies Record<Exclude<ActionName, 'raw'>, (...values: string[]) => string>,
  send: (ether: string, to: string) => `Send ${ether} to ${to}`,
  method: (method: string, values: string, contract: string) => `Call ${method}(${values}) of ${contract}`,
  unknown: (target: string, data: string) => `Call ${target} with data that Granary does not know: ${data}`,
  unknownPaid: (target: string, data: string, ether: string) =>
    `Call ${target} with data that Granary does not know and ${ether}: ${data}`,
  paid: (what: string, ether: string) => `${what}, sending ${ether} along`,
  /** A Unix time, written as `2030-12-31 12:00`. */
  time: (written: string) => `${written} UTC`,
  ether: 'ether',
  point: '.',
})
