import type { InboxItem, NetworkResource } from '@granary/protocol'
import type { Review as OnChain } from '@granary/sdk'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { Trouble } from '../../components/trouble.js'
import { amount, moment, short } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { uses } from '../contribute/messages.js'
import { usePools } from '../contribute/pools.queries.js'
import { datasets } from '../datasets/messages.js'
import { useTrainer } from '../requests/requests.queries.js'
import { useAnswer, useReview } from './inbox.queries.js'
import { extras, inbox, review as text } from './messages.js'
import { Record } from './record.js'

/** The request as the chain has it, and the owner's yes or no. Nothing can be signed before it was read there. */
export function Review({
  item,
  title,
  trainer,
  wallet,
  network,
  onSaid,
  isQuiet = false,
}: {
  item: InboxItem
  title: string
  /** What it calls itself. */
  trainer: string
  wallet: Wallet
  network: NetworkResource
  onSaid: (said: string) => void
  /** Whether something else is what to do next. */
  isQuiet?: boolean
}) {
  const [open, setOpen] = useState(false)
  const [refusing, setRefusing] = useState(false)
  const request = useReview(wallet, item.request.id, item.dataset, open)
  const answer = useAnswer(wallet, (granted) => {
    setOpen(false)
    onSaid(granted ? text.granted(title) : text.refused(title))
  })
  const answered = item.status === 'granted'
  const say = (granted: boolean) =>
    answer.mutate({ request: item.request.id, dataset: item.dataset, granted })

  return (
    <Dialog
      open={open}
      busy={answer.isPending}
      onOpenChange={(next) => {
        answer.reset()
        setRefusing(false)
        setOpen(next)
      }}
      trigger={
        <Button look={answered || isQuiet ? 'plain' : 'main'} aria-label={inbox.reviewLabel(trainer, title)}>
          {inbox.review}
        </Button>
      }
      title={text.title(title)}
      description={<p>{text.lead}</p>}
    >
      {request.isPending ? <p role="status">{text.reading}</p> : null}
      <Trouble error={request.error} title={text.unreadable} rejected={text.rejected} />
      {request.data ? <Facts request={request.data} network={network} /> : null}
      {request.data && !answered && !refusing ? <p className={lines.soft}>{text.yesNote}</p> : null}
      {refusing ? (
        <Notice tone="attention" title={text.finalTitle}>
          {text.final}
        </Notice>
      ) : null}
      <Trouble error={answer.error} title={text.failed} rejected={text.rejected} />
      <DialogActions>
        {refusing ? (
          <>
            <Button busy={answer.isPending} onClick={() => setRefusing(false)}>
              {text.back}
            </Button>
            <Button look="danger" busy={answer.isPending} onClick={() => say(false)}>
              {answer.isPending ? text.answering : text.confirm}
            </Button>
          </>
        ) : (
          <>
            <DialogClose asChild>
              <Button busy={answer.isPending}>{text.close}</Button>
            </DialogClose>
            {request.data ? (
              <Button busy={answer.isPending} onClick={() => setRefusing(true)}>
                {answered ? text.noInstead : text.no}
              </Button>
            ) : null}
            {request.data && !answered ? (
              <Button look="main" busy={answer.isPending} onClick={() => say(true)}>
                {answer.isPending ? text.answering : text.yes}
              </Button>
            ) : null}
          </>
        )}
      </DialogActions>
    </Dialog>
  )
}

const WORDS: { [purpose: string]: { title: string; consequence: string } | undefined } = {
  ...uses,
  ...extras,
}

function Facts({ request, network }: { request: OnChain; network: NetworkResource }) {
  const trainer = useTrainer(request.trainer)
  const pools = usePools()
  const named = pools.data?.find(({ id }) => id === request.pool)?.title
  const pool = named ? text.pool(named) : datasets.pool(request.pool)
  const { profile, status } = trainer.data ?? {}
  return (
    <dl className={lines.facts}>
      <div>
        <dt>{text.who}</dt>
        <dd>
          <code>{request.trainer}</code>
          <p>
            {[
              profile ? text.callsItself(profile.name) : null,
              status === undefined ? null : status === 'approved' ? text.approved : text.notApproved,
            ]
              .filter(Boolean)
              .join(', ')}
          </p>
          <Record trainer={request.trainer} network={network} />
        </dd>
      </div>
      <div>
        <dt>{text.what}</dt>
        <dd>
          <ul>
            {request.purposes.map((purpose) => (
              <li key={purpose}>
                <strong>{WORDS[purpose]?.title ?? purpose}</strong>
                <p>{WORDS[purpose]?.consequence}</p>
              </li>
            ))}
          </ul>
        </dd>
      </div>
      <div>
        <dt>{text.much}</dt>
        <dd>
          <strong>{text.price(amount(String(request.price), network.token))}</strong>
          <p>{text.share}</p>
        </dd>
      </div>
      <div>
        <dt>{text.size}</dt>
        <dd>{text.count(request.count, pool)}</dd>
      </div>
      <div>
        <dt>{text.until}</dt>
        <dd>{moment(request.expires)}</dd>
      </div>
      <div>
        <dt>{text.key}</dt>
        <dd>
          <code title={request.recipient}>{short(request.recipient)}</code>, {text.keyNote}
        </dd>
      </div>
    </dl>
  )
}
