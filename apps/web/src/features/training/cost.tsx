import type { NetworkResource } from '@granary/protocol'
import { Notice } from '../../components/notice.js'
import { amount, moment } from '../../lib/format.js'
import { locale } from '../../lib/language.js'
import type { Wallet } from '../../wallet/wallet.js'
import { order as text } from './messages.js'
import styles from './training.module.css'
import { useFunds } from './training.queries.js'

export interface Terms {
  count: number
  /** Whether there may be more. */
  more: boolean
  /** Of these ask their owner first; null = not counted. */
  asking: number | null
  /** Of each, in the token's smallest unit. */
  price: bigint
  expires: Date
}

/** All that a request costs, before anything is signed: to whom it goes, what comes back and when, and what is missing. */
export function Cost({ terms, wallet, network }: { terms: Terms; wallet: Wallet; network: NetworkResource }) {
  const { count, more, asking, price, expires } = terms
  const { token, dao } = network
  const funds = useFunds(wallet)
  const sum = (value: bigint) => amount(String(value), token)
  const total = price * BigInt(count)
  const custodians = ((price * BigInt(dao.custodiansBps)) / 10_000n) * BigInt(count)
  const treasury = ((price * BigInt(dao.treasuryBps)) / 10_000n) * BigInt(count)
  const from = new Date(expires.getTime() + dao.window * 1000)
  const lacking = funds.data === undefined ? 0n : total - funds.data
  const many = `${count.toLocaleString(locale)}${more ? '+' : ''}`
  const rows: [string, React.ReactNode, string?][] = [
    [text.fits, <strong key="count">{many}</strong>],
    ...(asking
      ? ([[text.asks, `${asking.toLocaleString(locale)}. ${text.asksHelp}`]] as [string, string][])
      : []),
    [text.each, sum(price)],
    [
      text.total,
      <strong key="total" data-testid="total">
        {sum(total)}
      </strong>,
    ],
    [text.owners, sum(total - custodians - treasury), 'part'],
    [text.custodians, sum(custodians), 'part'],
    [text.treasury, sum(treasury), 'part'],
    [text.fees, text.feesNone],
    [text.comesBack, text.comesBackText(moment(expires), moment(from))],
    [text.balance, funds.data === undefined ? (funds.isError ? text.unknownBalance : '…') : sum(funds.data)],
  ]
  return (
    <>
      <dl className={styles.costs}>
        {rows.map(([name, value, part]) => (
          <div key={name} className={part ? styles.part : undefined}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {lacking > 0n ? <Notice tone="attention" title={text.lacking(sum(lacking))} /> : null}
    </>
  )
}
