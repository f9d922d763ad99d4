import type { NetworkResource } from '@granary/protocol'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { Unread } from '../../components/unread.js'
import type { Wallet } from '../../wallet/wallet.js'
import { useFavoured } from './favoured.js'
import { byTrainer, keyOf } from './group.js'
import { group } from './group.messages.js'
import styles from './inbox.module.css'
import { useInbox } from './inbox.queries.js'
import { inbox as text } from './messages.js'
import { Several } from './several.js'
import { TrainerGroup } from './trainer-group.js'

/** What waits for the owner's answer, by who asks. */
export function Inbox({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const inbox = useInbox(wallet.address)
  const favoured = useFavoured(wallet.address)
  const [said, setSaid] = useState<string | null>(null)
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const items = inbox.data?.pages.flatMap((page) => page.items) ?? []
  const waiting = items.filter(({ status }) => status === 'pending')
  const marked = waiting.filter((item) => chosen.has(keyOf(item)))
  const choose = (key: string, isChosen: boolean) => {
    const next = new Set(chosen)
    if (isChosen) next.add(key)
    else next.delete(key)
    setChosen(next)
  }
  return (
    <section aria-labelledby="inbox" className={lines.section}>
      <h2 id="inbox">{text.title}</h2>
      {said === null ? null : <Notice tone="calm" title={said} />}
      <Unread query={inbox} title={text.failedTitle}>
        {text.failed}
      </Unread>
      {inbox.isPending ? <p role="status">{group.loading}</p> : null}
      {inbox.isSuccess && items.length === 0 ? <p className={lines.soft}>{text.none}</p> : null}
      {waiting.length > 0 ? <p className={lines.soft}>{text.waiting(waiting.length)}</p> : null}
      {waiting.length > 1 || isOpen ? (
        <fieldset className={styles.several}>
          <legend className={styles.unseen}>{group.several}</legend>
          <label className={styles.all}>
            <input
              type="checkbox"
              checked={marked.length === waiting.length}
              onChange={(event) => setChosen(new Set(event.target.checked ? waiting.map(keyOf) : []))}
            />
            {group.chosen(marked.length)}
          </label>
          {marked.length > 0 || isOpen
            ? (['yes', 'no'] as const).map((kind) => (
                <Several
                  key={kind}
                  kind={kind}
                  items={marked}
                  wallet={wallet}
                  network={network}
                  trigger={<Button>{group.toChosen[kind](marked.length)}</Button>}
                  onOpen={setOpen}
                  onDone={(n) => {
                    setChosen(new Set())
                    setSaid(group.done[kind](n))
                  }}
                />
              ))
            : null}
        </fieldset>
      ) : null}
      {byTrainer(items, favoured.has).map((each) => (
        <TrainerGroup
          key={each.trainer}
          group={each}
          favoured={favoured}
          chosen={chosen}
          onChoose={choose}
          wallet={wallet}
          network={network}
          onSaid={setSaid}
        />
      ))}
      {inbox.hasNextPage ? (
        <Button busy={inbox.isFetchingNextPage} onClick={() => inbox.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </section>
  )
}
