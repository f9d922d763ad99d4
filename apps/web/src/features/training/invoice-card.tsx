import type { NetworkResource, RequestResource } from '@granary/protocol'
import { Account } from '../../components/account.js'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { amount, moment, short } from '../../lib/format.js'
import { saveBlob } from '../../lib/save.js'
import { invoiceCsv, invoiceJson, invoiceOf } from './invoice.js'
import { invoice as text } from './messages.js'
import styles from './training.module.css'
import { useUses } from './training.queries.js'

/** What a request came to: paid, used, for whom, come back; to print, or as a file. */
export function InvoiceCard({ request, network }: { request: RequestResource; network: NetworkResource }) {
  const uses = useUses(request.id)
  const { token } = network
  const invoice = invoiceOf(request, uses.data ?? [], token)
  // The chain may know of a settlement whose uses are not listed yet.
  const isListed = BigInt(invoice.used) === BigInt(invoice.price) * BigInt(invoice.uses.length)
  const name = `granary-invoice-${request.id.slice(2, 10)}`
  const rows: [string, React.ReactNode][] = [
    [text.request, <code key="id">{request.id}</code>],
    [text.trainer, <code key="trainer">{request.trainer}</code>],
    [
      text.opened,
      <span key="opened">
        {moment(request.opened.time)}, <code>{request.opened.transaction}</code>
      </span>,
    ],
    [text.paid, <strong key="paid">{amount(invoice.paid, token)}</strong>],
    [
      text.used,
      <span key="used" data-testid="invoice-used">
        <strong>{amount(invoice.used, token)}</strong>
        {isListed
          ? ` (${amount(invoice.toOwners, token)} ${text.owners}, ${amount(invoice.toCustodiansAndTreasury, token)} ${text.fees})`
          : ''}
      </span>,
    ],
    [
      text.returned,
      <span key="returned" data-testid="invoice-returned">
        {amount(invoice.returned, token)}
      </span>,
    ],
    [
      text.left,
      <span key="left" data-testid="invoice-left">
        {amount(invoice.inEscrow, token)}
      </span>,
    ],
  ]
  return (
    <section aria-labelledby="invoice" className={`${lines.section} ${styles.invoice}`}>
      <h2 id="invoice">{text.title}</h2>
      <p className={lines.soft}>{text.lead}</p>
      <dl className={lines.facts}>
        {rows.map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {uses.isError ? <Notice tone="trouble" title={text.failed} /> : null}
      {uses.isSuccess && !isListed ? <p className={lines.soft}>{text.unlisted}</p> : null}
      {uses.isSuccess && isListed && invoice.uses.length === 0 ? (
        <p className={lines.soft}>{text.none}</p>
      ) : null}
      {invoice.uses.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className={styles.scroll} tabIndex={0} aria-label={text.uses}>
          <table className={styles.table}>
            <thead>
              <tr>
                {[text.dataset, text.owner, text.price, text.amount, text.settlement, text.transaction].map(
                  (column) => (
                    <th key={column} scope="col">
                      {column}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {invoice.uses.map((use) => (
                <tr key={use.dataset} data-testid={`use-${use.dataset}`}>
                  <td data-label={text.dataset}>
                    <code title={use.dataset}>{short(use.dataset)}</code>
                  </td>
                  <td data-label={text.owner}>
                    <Account address={use.owner} />
                  </td>
                  <td data-label={text.price}>{amount(use.price, token)}</td>
                  <td data-label={text.amount}>{amount(use.toOwner, token)}</td>
                  <td data-label={text.settlement}>{use.settlement}</td>
                  <td data-label={text.transaction}>
                    <code title={use.transaction}>{short(use.transaction)}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      <div className={`${styles.buttons} ${styles.noPrint}`}>
        <Button busy={!isListed} onClick={() => window.print()}>
          {text.print}
        </Button>
        <Button
          busy={!isListed}
          onClick={() => saveBlob(`${name}.csv`, new Blob([invoiceCsv(invoice)], { type: 'text/csv' }))}
        >
          {text.csv}
        </Button>
        <Button
          busy={!isListed}
          onClick={() =>
            saveBlob(`${name}.json`, new Blob([invoiceJson(invoice)], { type: 'application/json' }))
          }
        >
          {text.json}
        </Button>
      </div>
    </section>
  )
}
