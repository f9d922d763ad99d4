import type { NetworkResource, OwnedUse } from '@granary/protocol'
import { Link } from 'wouter'
import { Account } from '../../components/account.js'
import { amount, day, moment, short } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { purposeTitles } from '../contribute/messages.js'
import { datasets } from '../datasets/messages.js'
import styles from './earnings.module.css'
import { earnings as text } from './messages.js'
import { useVerifiedUse } from './rewards.queries.js'
import { Facts, Verified } from './verified.js'
import { verified } from './verified.messages.js'

/** One use: whose model, for what, under which request and settlement, what it paid, and whether that holds. */
export function UseLine({
  use,
  wallet,
  network,
  checked,
  named,
}: {
  use: OwnedUse
  wallet: Wallet
  network: NetworkResource
  /** Whether this page is to hold it against the chain. */
  checked: boolean
  /** Whether the line says of which dataset it is. */
  named: boolean
}) {
  const found = useVerifiedUse(wallet, use, checked)
  const { columns } = text
  const money = (smallest: string) => amount(smallest, network.token)
  const trainer = (
    <>
      {use.trainerName ?? text.unnamed}{' '}
      {use.trainer ? <Account address={use.trainer} className={styles.fine} /> : null}
    </>
  )
  return (
    <tr data-testid={`earned-${use.dataset}`}>
      {named ? (
        <>
          <th scope="row">
            <Link href={`/data/${use.dataset}`}>{use.title || datasets.untitled}</Link>
          </th>
          <td data-label={columns.trainer}>{trainer}</td>
        </>
      ) : (
        <th scope="row">{trainer}</th>
      )}
      <td data-label={columns.purpose}>{use.purposes.map((purpose) => purposeTitles[purpose]).join(', ')}</td>
      <td data-label={columns.proof}>
        <div>
          {text.settlement(use.settlement)} <span className={styles.fine}>{day(use.time)}</span>{' '}
          <span className={styles.fine}>
            {text.request} <code title={use.request}>{short(use.request)}</code>
          </span>
          {checked ? (
            <Verified
              query={found}
              facts={(data) => <Facts lines={verified.use(data, money)} endpoint={data.endpoint} />}
            />
          ) : null}
        </div>
      </td>
      <td data-label={columns.amount} className={styles.amount}>
        {money(use.amount)}
        {use.state === 'pending' ? (
          <span className={styles.fine}>{text.readyFrom(moment(use.effectiveFrom))}</span>
        ) : null}
      </td>
    </tr>
  )
}
