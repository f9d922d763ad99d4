import {
  bitsToPurposes,
  type Deployment,
  type Fact,
  type MessageDescription,
  type NetworkResource,
  type TransactionDescription,
} from '@granary/protocol'
import type { ReactNode } from 'react'
import lines from '../../components/lines.module.css'
import { amount, moment, short } from '../../lib/format.js'
import { sameAddress } from '../../wallet/wallet.js'
import { purposeTitles } from '../contribute/messages.js'
import { usePools } from '../contribute/pools.queries.js'
import { datasets } from '../datasets/messages.js'
import { contracts, labels, signing as text } from './messages.js'
import styles from './review-dialog.module.css'

/** The fields of a message. With `details` those that are for programs, and where the message counts. */
export function Facts({
  facts,
  message,
  account,
  network,
  details,
}: {
  facts: readonly Fact[]
  message: (MessageDescription | TransactionDescription)['name']
  account: string
  network: NetworkResource
  details?: MessageDescription | TransactionDescription
}) {
  const pools = usePools()
  const poolTitle = (id: number) => pools.data?.find((pool) => pool.id === id)?.title ?? datasets.pool(id)
  const named: Record<string, string> = Object.fromEntries(
    Object.entries(labels[message].fields as Record<string, string>),
  )
  const say = (fact: Fact) => value(fact, { account, network, poolTitle, whole: details !== undefined })
  // Everything is in the details once more, to the last digit: there it can be compared with what the wallet shows.
  const shown = facts.filter(({ detail }) => details !== undefined || !detail)
  return (
    <dl className={`${lines.facts} ${styles.facts}`}>
      {shown.map((fact) => (
        <div key={fact.name}>
          <dt>{named[fact.name] ?? fact.name}</dt>
          <dd data-fact={fact.name}>{say(fact)}</dd>
        </div>
      ))}
      {details ? (
        <>
          <div>
            <dt>{text.contract}</dt>
            <dd>
              {contracts[details.contract]} <code>{details.verifyingContract}</code>
            </dd>
          </div>
          <div>
            <dt>{text.chain}</dt>
            <dd>{details.chainId}</dd>
          </div>
        </>
      ) : null}
    </dl>
  )
}

interface Surroundings {
  account: string
  network: NetworkResource
  poolTitle: (id: number) => string
  whole: boolean
}

function value(fact: Fact, around: Surroundings): ReactNode {
  const { format, value: given } = fact
  const plain = String(given)
  switch (format) {
    case 'account':
      return <Account address={plain} {...around} />
    case 'amount':
      if (Array.isArray(given)) return <code>{JSON.stringify(given)}</code>
      return BigInt(plain) > 2n ** 128n ? (
        text.anyAmount
      ) : (
        <strong>{amount(plain, around.network.token)}</strong>
      )
    case 'yes':
      return given === true ? text.yes : text.notSo
    case 'answer':
      return <strong>{given === true ? text.yes : text.no}</strong>
    case 'ask':
      return given === true ? text.asks : text.asksNot
    case 'flags':
      return Number(plain) % 2 === 1 ? text.asks : text.asksNot
    case 'pool':
      return around.poolTitle(Number(plain))
    case 'purposes':
      return <Purposes bits={Number(plain)} />
    case 'support':
      return <strong>{text.support[Number(plain)] ?? plain}</strong>
    case 'text':
      return <span className={styles.words}>{plain}</span>
    case 'time':
      return moment(new Date(Number(plain) * 1000))
    case 'until':
      return plain === '0' ? text.untilWithdrawn : moment(new Date(Number(plain) * 1000))
    case 'calls':
      return Array.isArray(given) ? <Calls values={given.map(String)} {...around} /> : plain
    case 'number':
      return plain
    default:
      return <Digest text={Array.isArray(given) ? given.join(', ') : plain} whole={around.whole} />
  }
}

function Account({ address, account, network }: Surroundings & { address: string }) {
  const contract = Object.entries(network.deployment).find(([, at]) => sameAddress(String(at), address))?.[0]
  return (
    <>
      {contract
        ? `${contracts[contract as keyof Omit<Deployment, 'version' | 'chainId' | 'startBlock'>]} `
        : null}
      {sameAddress(address, account) ? `${text.you} ` : null}
      <code>{address}</code>
    </>
  )
}

function Purposes({ bits }: { bits: number }) {
  const names = bitsToPurposes(bits)
  if (names.length === 0) return text.nothing
  return <strong>{names.map((name) => purposeTitles[name]).join(', ')}</strong>
}

function Calls({ values, whole, ...around }: Surroundings & { values: string[] }) {
  return (
    <ol className={styles.calls}>
      {values.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: calls have no other name, and do not move
        <li key={index}>
          {/^0x[0-9a-fA-F]{40}$/.test(one) ? (
            <Account address={one} whole={whole} {...around} />
          ) : (
            <Digest text={one} whole={whole} />
          )}
        </li>
      ))}
    </ol>
  )
}

function Digest({ text: hex, whole }: { text: string; whole: boolean }) {
  return (
    <code className={styles.digest} title={hex}>
      {whole ? hex : short(hex)}
    </code>
  )
}
