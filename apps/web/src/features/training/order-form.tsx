import type { NetworkResource } from '@granary/protocol'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useId, useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { codeOf } from '../../components/trouble.js'
import { amount } from '../../lib/format.js'
import { locale } from '../../lib/language.js'
import type { Wallet } from '../../wallet/wallet.js'
import { useFacets } from '../catalogue/catalogue.queries.js'
import { isPicky, readFilter, writeFilter } from '../catalogue/filter.js'
import { catalogue, conditionNames, useNames } from '../catalogue/messages.js'
import { CONDITIONS, USES } from '../catalogue/names.js'
import { usePools } from '../contribute/pools.queries.js'
import { useDataset } from '../requests/requests.queries.js'
import { ApprovePayment } from './approve-payment.js'
import { Cost } from './cost.js'
import { useKeys } from './key-card.js'
import { order as text, requests as words } from './messages.js'
import { MOST_PICKED, offerFor, pay } from './order.js'
import styles from './training.module.css'
import { useStanding } from './training.queries.js'
import { TrainerTrouble } from './trouble.js'

const HOURS = [1, 24, 168, 720]

/** From a wish to a signed and paid request: what, what for, what it costs, and the exact offer. */
export function OrderForm({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const id = useId()
  const [, go] = useLocation()
  const search = useSearch()
  const filter = readFilter(search)
  const single = /^0x[0-9a-f]{64}$/.exec(new URLSearchParams(search).get('dataset') ?? '')?.[0] ?? null
  const dataset = useDataset(single ?? undefined)
  const given = USES.filter((name) => filter.purposes.includes(name))
  const [use, setUse] = useState<string>(given[0] ?? '')
  const [conditions, setConditions] = useState<string[]>(
    CONDITIONS.filter((name) => filter.purposes.includes(name)),
  )
  const [pool, setPool] = useState<number | null>(filter.pool)
  const [perOwner, setPerOwner] = useState('')
  const [hours, setHours] = useState(24)
  const pools = usePools()
  const chosenPool = pools.data?.find((one) => one.id === pool)
  const purposes = use ? [use, ...conditions] : []
  const picky = single === null && isPicky(filter)
  const wanted = { ...filter, pool, purposes }
  const facets = useFacets(wanted, pool !== null && use !== '' && single === null)
  const keys = useKeys(wallet)
  const standing = useStanding(wallet.address)
  const [expires, setExpires] = useState<Date | null>(null)
  const offer = useMutation({
    mutationFn: async () => {
      setExpires(new Date(Date.now() + hours * 3_600_000))
      const maxPerOwner = /^[1-9]\d{0,8}$/.test(perOwner) ? Number(perOwner) : null
      const chosen = { filter: wanted, pool: pool!, purposes, dataset: single, maxPerOwner }
      return offerFor(chosen, wallet)
    },
  })
  const [recipient] = (keys.data ?? []).filter(({ saved }) => saved !== null)
  const payment = useMutation({
    mutationFn: () => pay(offer.data!, { recipient: recipient!.recipient, expires: expires!, wallet }),
    onSuccess: ({ request }) => go(`/training/${request}`),
    // A price or consent that has changed is seen in a new offer.
    onError: (error) => {
      if (/^(PRICE_ABOVE|DATASET_NOT|MANIFEST_)/.test(codeOf(error) ?? '')) offer.reset()
    },
  })
  const changed = () => {
    offer.reset()
    payment.reset()
  }
  const uses = single && dataset.data ? USES.filter((name) => dataset.data.purposes.includes(name)) : USES
  // Numbers of the choice before would be a wrong price for as long as the new ones are on their way.
  const counted = facets.isPlaceholderData ? undefined : facets.data
  const count = single === null ? counted?.total : 1
  const ready = pool !== null && use !== '' && chosenPool !== undefined && !chosenPool.closed
  const approved = standing.data?.status === 'approved'
  const busy = payment.isPending
  return (
    <div className={styles.order}>
      <fieldset className={styles.group} disabled={offer.isSuccess}>
        <legend>{text.what}</legend>
        <div className={styles.field}>
          <label htmlFor={`${id}-pool`}>{text.pool}</label>
          <select
            id={`${id}-pool`}
            value={pool ?? ''}
            disabled={single !== null}
            onChange={(event) => {
              setPool(Number(event.target.value) || null)
              changed()
            }}
          >
            <option value="">{text.choosePool}</option>
            {(pools.data ?? [])
              .filter((one) => !one.closed || one.id === pool)
              .map((one) => (
                <option key={one.id} value={one.id}>
                  {one.title ?? catalogue.poolName(one.id)}
                </option>
              ))}
          </select>
        </div>
        <p className={lines.meta}>
          {single !== null
            ? text.one(dataset.data?.metadata?.title || catalogue.untitled)
            : picky
              ? text.picked
              : text.all}
          {picky ? (
            <>
              {' · '}
              <Link href={`/catalogue?${writeFilter(wanted)}`}>{text.change}</Link>
            </>
          ) : null}
        </p>
        {chosenPool?.closed ? <Notice tone="attention" title={catalogue.closed} /> : null}
      </fieldset>
      <Choices
        legend={text.use}
        help={text.useHelp}
        kind="radio"
        names={useNames}
        options={uses}
        chosen={[use]}
        disabled={offer.isSuccess}
        onChoose={(name) => {
          setUse(name)
          changed()
        }}
      />
      <Choices
        legend={text.conditions}
        kind="checkbox"
        names={conditionNames}
        options={CONDITIONS}
        chosen={conditions}
        disabled={offer.isSuccess}
        onChoose={(name) => {
          setConditions(
            conditions.includes(name) ? conditions.filter((one) => one !== name) : [...conditions, name],
          )
          changed()
        }}
      />
      <fieldset className={styles.pair} disabled={offer.isSuccess}>
        <div className={styles.field}>
          <label htmlFor={`${id}-hours`}>{text.expires}</label>
          <select
            id={`${id}-hours`}
            value={hours}
            aria-describedby={`${id}-hours-help`}
            onChange={(event) => {
              setHours(Number(event.target.value))
              changed()
            }}
          >
            {HOURS.map((value) => (
              <option key={value} value={value}>
                {text.hours[value]}
              </option>
            ))}
          </select>
          <p id={`${id}-hours-help`} className={lines.meta}>
            {text.expiresHelp}
          </p>
        </div>
        {single === null ? (
          <div className={styles.field}>
            <label htmlFor={`${id}-owner`}>{text.perOwner}</label>
            <input
              id={`${id}-owner`}
              inputMode="numeric"
              value={perOwner}
              aria-describedby={`${id}-owner-help`}
              onChange={(event) => {
                setPerOwner(event.target.value.replace(/\D/g, '').slice(0, 9))
                changed()
              }}
            />
            <p id={`${id}-owner-help`} className={lines.meta}>
              {text.perOwnerHelp}
            </p>
          </div>
        ) : null}
      </fieldset>

      {ready && !offer.isSuccess ? (
        <section aria-labelledby={`${id}-cost`} className={lines.section}>
          <h2 id={`${id}-cost`}>{text.cost}</h2>
          {count === undefined ? <p role="status">{text.loading}</p> : null}
          {count === 0 ? <Notice tone="calm" title={text.nothing} /> : null}
          {count ? (
            <Cost
              wallet={wallet}
              network={network}
              terms={{
                count,
                more: counted !== undefined && single === null && count >= counted.limit,
                asking: single === null ? (counted?.ask[0]?.count ?? null) : dataset.data?.ask ? 1 : null,
                price: BigInt(chosenPool.price),
                expires: new Date(Date.now() + hours * 3_600_000),
              }}
            />
          ) : null}
          {standing.data && !approved ? (
            <Notice
              tone="attention"
              title={text.notApproved}
              action={<Link href="/training">{text.toStatus}</Link>}
            />
          ) : null}
          {codeOf(offer.error) === 'PICKED_TOO_MANY' ? (
            <Notice tone="attention" title={text.tooMany(MOST_PICKED.toLocaleString(locale))} />
          ) : (
            <TrainerTrouble error={offer.error} title={text.failed} rejected={text.rejected} />
          )}
          <TrainerTrouble error={payment.error} title={text.failed} rejected={text.rejected} />
          {count ? (
            <Button
              look="main"
              busy={offer.isPending}
              disabled={!approved}
              onClick={() => {
                payment.reset()
                offer.mutate()
              }}
            >
              {offer.isPending ? text.offering : text.offer}
            </Button>
          ) : null}
        </section>
      ) : null}

      {offer.data && expires ? (
        <section aria-labelledby={`${id}-offer`} className={styles.offer}>
          <h2 id={`${id}-offer`}>{text.offerTitle}</h2>
          <p>
            {text.offerText(
              words.datasets(offer.data.proposal.count, offer.data.proposal.count.toLocaleString(locale)),
              amount(offer.data.proposal.total, network.token),
            )}
          </p>
          {count !== undefined && perOwner === '' && offer.data.proposal.count !== count ? (
            <Notice tone="attention" title={text.changed} />
          ) : null}
          <Cost
            wallet={wallet}
            network={network}
            terms={{
              count: offer.data.proposal.count,
              more: false,
              asking: null,
              price: BigInt(offer.data.proposal.price),
              expires,
            }}
          />
          {recipient ? null : <Notice tone="attention" title={text.key} />}
          {codeOf(payment.error) === 'ALLOWANCE_TOO_LOW' ? (
            <ApprovePayment
              total={offer.data.proposal.total}
              wallet={wallet}
              network={network}
              onApproved={() => payment.mutate()}
            />
          ) : (
            <Payment error={payment.error} />
          )}
          <div className={styles.buttons}>
            <Button look="main" busy={busy} disabled={!recipient} onClick={() => payment.mutate()}>
              {busy ? text.signing : text.sign(amount(offer.data.proposal.total, network.token))}
            </Button>
            <Button busy={busy} onClick={changed}>
              {text.again}
            </Button>
          </div>
          <p className={lines.soft}>{text.signHelp}</p>
        </section>
      ) : null}
    </div>
  )
}

function Payment({ error }: { error: unknown }) {
  if (codeOf(error) === 'ORDER_ELSEWHERE') return <Notice tone="attention" title={text.elsewhere} />
  return <TrainerTrouble error={error} title={text.failed} rejected={text.rejected} />
}

function Choices<Name extends string>({
  legend,
  help,
  kind,
  names,
  options,
  chosen,
  disabled,
  onChoose,
}: {
  legend: ReactNode
  help?: string
  kind: 'radio' | 'checkbox'
  names: Record<Name, string>
  options: readonly Name[]
  chosen: readonly string[]
  disabled: boolean
  onChoose: (name: Name) => void
}) {
  const id = useId()
  return (
    <fieldset className={styles.group} disabled={disabled}>
      <legend>{legend}</legend>
      {help ? <p className={lines.meta}>{help}</p> : null}
      <div className={styles.choices}>
        {options.map((name) => (
          <label key={name} className={styles.choice}>
            <input
              type={kind}
              name={kind === 'radio' ? id : name}
              value={name}
              checked={chosen.includes(name)}
              onChange={() => onChoose(name)}
            />
            {names[name]}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
