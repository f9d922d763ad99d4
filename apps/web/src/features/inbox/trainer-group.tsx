import type { InboxItem, NetworkResource } from '@granary/protocol'
import { useId, useState } from 'react'
import { Account } from '../../components/account.js'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Trouble } from '../../components/trouble.js'
import { amount, day } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { purposeTitles } from '../contribute/messages.js'
import { datasets } from '../datasets/messages.js'
import { useDataset, useTrainer } from '../requests/requests.queries.js'
import type { Favoured } from './favoured.js'
import { type Group, keyOf } from './group.js'
import { group as words } from './group.messages.js'
import styles from './inbox.module.css'
import { useAnswersInTurn } from './inbox.queries.js'
import { review, inbox as text } from './messages.js'
import { Record } from './record.js'
import { Review } from './review.js'
import { Several } from './several.js'

interface Around {
  favoured: Favoured
  chosen: ReadonlySet<string>
  onChoose: (key: string, isChosen: boolean) => void
  wallet: Wallet
  network: NetworkResource
  onSaid: (said: string) => void
}

/** What one trainer asks for, who it is, and the wish to be quick with it. */
export function TrainerGroup({ group, ...around }: Around & { group: Group }) {
  const { favoured, wallet, network, onSaid } = around
  const { trainer, items, waiting } = group
  const id = useId()
  const found = useTrainer(trainer)
  const name = found.data?.profile?.name ?? text.unnamed
  const isFavoured = favoured.has(trainer)
  const [isOpen, setOpen] = useState(false)
  return (
    <section className={styles.group} aria-labelledby={id} data-testid={`trainer-${trainer}`}>
      <div className={styles.trainer}>
        <div>
          <h3 id={id}>{name}</h3>
          <p className={lines.meta}>
            <Account address={trainer} />
          </p>
          <Record trainer={trainer} network={network} />
        </div>
        {isFavoured ? (
          <div className={styles.favoured}>
            <p>{words.favoured}</p>
            <Button look="quiet" onClick={() => favoured.remove(trainer)}>
              {words.forget}
            </Button>
          </div>
        ) : waiting.length > 0 || isOpen ? (
          <Several
            kind="always"
            items={waiting}
            trainer={name}
            wallet={wallet}
            network={network}
            trigger={<Button aria-label={words.alwaysLabel(name)}>{words.always}</Button>}
            onOpen={setOpen}
            onDone={(answered, all) => {
              if (answered === all) favoured.add(trainer)
              onSaid(words.done.yes(answered))
            }}
          />
        ) : null}
      </div>
      <ul className={lines.list}>
        {items.map((item) => (
          <Line key={keyOf(item)} item={item} name={name} isFavoured={isFavoured} {...around} />
        ))}
      </ul>
    </section>
  )
}

const TONES = { pending: 'open', granted: 'good', refused: 'bad' } as const

function Line({
  item,
  name,
  isFavoured,
  chosen,
  onChoose,
  wallet,
  network,
  onSaid,
}: Around & { item: InboxItem; name: string; isFavoured: boolean }) {
  const { request, status } = item
  const dataset = useDataset(item.dataset)
  const quick = useAnswersInTurn(wallet)
  const title = dataset.data?.metadata?.title || datasets.untitled
  const key = keyOf(item)
  return (
    <li className={lines.line} data-testid={`asks-${item.dataset}`}>
      <div className={styles.what}>
        {status === 'pending' ? (
          <input
            type="checkbox"
            aria-label={words.choose(name, title)}
            checked={chosen.has(key)}
            onChange={(event) => onChoose(key, event.target.checked)}
          />
        ) : null}
        <div>
          <h4>{text.asks(name, title)}</h4>
          <p className={lines.meta}>
            <span className={lines.standing} data-tone={TONES[status]}>
              {text.status[status]}
            </span>
            {`\u00a0· ${text.for} ${request.purposes.map((purpose) => purposeTitles[purpose]).join(', ')}`}
            {`\u00a0· ${words.pays(amount(request.price, network.token))}`}
            {`\u00a0· ${text.until(day(request.expires))}`}
          </p>
          <Trouble error={quick.error} title={review.failed} rejected={review.rejected} />
        </div>
      </div>
      {status === 'refused' ? null : (
        <div className={styles.actions}>
          <Review
            item={item}
            title={title}
            trainer={name}
            wallet={wallet}
            network={network}
            onSaid={onSaid}
            isQuiet={isFavoured}
          />
          {isFavoured && status === 'pending' ? (
            <Button
              look="main"
              busy={quick.isPending}
              aria-label={words.quickLabel(name, title)}
              onClick={() =>
                quick.mutate(
                  { items: [item], granted: true },
                  { onSuccess: () => onSaid(review.granted(title)) },
                )
              }
            >
              {quick.isPending ? review.answering : words.quick}
            </Button>
          ) : null}
        </div>
      )}
    </li>
  )
}
