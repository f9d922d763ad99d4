import type { InboxItem, NetworkResource } from '@granary/protocol'
import { type ReactElement, useState } from 'react'
import { Account } from '../../components/account.js'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { Trouble } from '../../components/trouble.js'
import { amount } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { purposeTitles } from '../contribute/messages.js'
import { datasets } from '../datasets/messages.js'
import { useDataset } from '../requests/requests.queries.js'
import { sumOf } from './group.js'
import { several as text } from './group.messages.js'
import { useAnswersInTurn, useReviews } from './inbox.queries.js'
import { review } from './messages.js'

/** What the answer to several is: with `always`, a yes whose trainer comes first from then on. */
export type Kind = 'yes' | 'no' | 'always'

/** Several requests as the chain has them, and one answer to all of them: a signature for each. */
export function Several({
  kind,
  items,
  trigger,
  trainer,
  wallet,
  network,
  onOpen,
  onDone,
}: {
  kind: Kind
  items: readonly InboxItem[]
  trigger: ReactElement
  /** What it calls itself; for `always`. */
  trainer?: string
  wallet: Wallet
  network: NetworkResource
  /** Keeps this dialog there while it is open: what is answered leaves the list behind it. */
  onOpen: (open: boolean) => void
  /** `answered` of the `all` that were asked for. */
  onDone: (answered: number, all: number) => void
}) {
  const [open, setOpen] = useState(false)
  // The list behind may change meanwhile: what is answered is what was shown.
  const [shown, setShown] = useState(items)
  const found = useReviews(wallet, shown, open)
  const answer = useAnswersInTurn(wallet)
  const all = shown.length
  const price = found.data ? sumOf(found.data.map((each) => String(each.price))) : '0'
  const show = (next: boolean) => {
    setOpen(next)
    onOpen(next)
  }
  const change = (next: boolean) => {
    if (!next && answer.isError && answer.answered > 0) onDone(answer.answered, all)
    answer.reset()
    if (next) setShown(items)
    show(next)
  }
  return (
    <Dialog
      kind={kind === 'no' ? 'question' : 'form'}
      open={open}
      busy={answer.isPending}
      onOpenChange={change}
      trigger={trigger}
      title={kind === 'always' ? text.alwaysTitle(trainer ?? '') : text.title[kind](all)}
      description={
        <>
          <p>{text.lead(all)}</p>
          {kind === 'always' ? <p>{text.alwaysMeans}</p> : null}
        </>
      }
    >
      {found.isPending && all > 0 ? <p role="status">{review.reading}</p> : null}
      <Trouble error={found.error} title={review.unreadable} rejected={review.rejected} />
      {found.data ? (
        <ul className={lines.list}>
          {found.data.map((each) => (
            <li key={`${each.request}/${each.dataset}`} className={lines.line}>
              <div>
                <Title dataset={each.dataset} />
                <p className={lines.meta}>
                  <Account address={each.trainer} />
                  {`\u00a0· ${each.purposes.map((purpose) => purposeTitles[purpose]).join(', ')}`}
                </p>
              </div>
              <span>{amount(String(each.price), network.token)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {found.data && kind !== 'no' ? (
        <p>
          <strong>{text.pays(amount(price, network.token))}</strong> {review.share}
        </p>
      ) : null}
      {kind === 'no' ? (
        <Notice tone="attention" title={review.finalTitle}>
          {review.final}
        </Notice>
      ) : null}
      {answer.isPending ? <p role="status">{text.progress(answer.answered, all)}</p> : null}
      {answer.isError && answer.answered > 0 ? <p role="status">{text.some(answer.answered, all)}</p> : null}
      <Trouble error={answer.error} title={review.failed} rejected={text.rejected} />
      <DialogActions>
        <DialogClose asChild>
          <Button busy={answer.isPending}>{answer.isError ? text.close : review.close}</Button>
        </DialogClose>
        {(found.data || all === 0) && !answer.isError ? (
          <Button
            look={kind === 'no' ? 'danger' : 'main'}
            busy={answer.isPending}
            onClick={() =>
              answer.mutate(
                { items: shown, granted: kind !== 'no' },
                {
                  onSuccess: () => {
                    show(false)
                    onDone(all, all)
                  },
                },
              )
            }
          >
            {answer.isPending ? review.answering : kind === 'no' ? text.sign.no(all) : text.sign.yes(all)}
          </Button>
        ) : null}
      </DialogActions>
    </Dialog>
  )
}

function Title({ dataset }: { dataset: string }) {
  const found = useDataset(dataset)
  return <p>{found.data?.metadata?.title || datasets.untitled}</p>
}
