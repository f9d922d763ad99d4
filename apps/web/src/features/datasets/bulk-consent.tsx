import type { DatasetResource, Hex } from '@granary/protocol'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import { Trouble } from '../../components/trouble.js'
import { granary } from '../../lib/sdk.js'
import { signing } from '../../wallet/wallet.js'
import { AskChoice } from '../contribute/ask-choice.js'
import { type ConsentDraft, expires, missingConsent } from '../contribute/draft.js'
import { ExpiryChoice } from '../contribute/expiry-choice.js'
import { contribute, purposeTitles } from '../contribute/messages.js'
import { PurposeChoice } from '../contribute/purpose-choice.js'
import { type BulkProps, useRun } from './bulk.hooks.js'
import { selection, bulk as text } from './bulk.messages.js'
import styles from './bulk.module.css'
import { type BulkChange, type BulkItem, type BulkPlan, consentBefore, planOf } from './bulk.plan.js'
import { BulkProgress } from './bulk-progress.js'

type Part = 'purposes' | 'expiry' | 'ask'
const START: ConsentDraft = { purposes: [], expiry: { kind: 'years', years: 2 }, ask: false }

/** One dialog for the consent of many: what changes for how many, then one signature each. */
export function BulkConsent({ count, collect, wallet, onOpen, onSaid, onDone }: BulkProps) {
  const [open, setOpen] = useState(false)
  const [parts, setParts] = useState<ReadonlySet<Part>>(new Set())
  const [draft, setDraft] = useState(START)
  const [undone, setUndone] = useState(false)
  const found = useMutation({ mutationFn: collect })
  const run = useRun<BulkItem>('ConsentUpdate', ({ dataset, consent }, onSent) =>
    signing(async () =>
      (await granary(wallet)).datasets.updateConsent(dataset.id as Hex, consent, { onSent }),
    ),
  )
  const lacking = missingConsent(draft).filter((part) => parts.has(part as Part))
  const plan = found.data && lacking.length === 0 ? planOf(found.data, changeOf(draft, parts)) : null

  function change(next: boolean) {
    setOpen(next)
    onOpen(next)
    if (next) return found.mutate()
    if (run.state?.phase === 'done') {
      onSaid(text.done(run.state.done))
      onDone()
    }
    run.reset()
    setUndone(false)
    setParts(new Set())
    setDraft(START)
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (plan && plan.items.length > 0) run.start(plan.items)
  }

  const part = (name: Part, title: string, choice: ReactNode) => (
    <div className={styles.part}>
      <label>
        <input
          type="checkbox"
          checked={parts.has(name)}
          onChange={({ target }) => setParts((before) => toggled(before, name, target.checked))}
        />
        {title}
      </label>
      {parts.has(name) ? choice : null}
    </div>
  )

  return (
    <Dialog
      open={open}
      busy={run.state?.phase === 'running' || (run.state?.sent ?? 0) > 0}
      onOpenChange={change}
      trigger={<Button>{selection.consent}</Button>}
      title={text.consentTitle(run.state?.total ?? count)}
      description={<p>{text.consentLead}</p>}
    >
      {run.state ? (
        <BulkProgress
          state={run.state}
          datasetOf={({ dataset }) => dataset}
          said={text.done(run.state.done)}
          undo={
            undone ? null : (
              <Undo
                items={plan?.items ?? []}
                failed={run.state.failed}
                onUndo={(items) => {
                  setUndone(true)
                  run.start(items)
                }}
              />
            )
          }
          onStop={run.stop}
          onGoOn={run.goOn}
          onAgain={run.again}
          onClose={() => change(false)}
        />
      ) : (
        <form className={styles.form} onSubmit={submit} noValidate>
          {part(
            'purposes',
            text.purposes,
            <PurposeChoice
              value={draft.purposes}
              onChange={(purposes) => setDraft((before) => ({ ...before, purposes }))}
            />,
          )}
          {part(
            'expiry',
            text.expiry,
            <ExpiryChoice
              value={draft.expiry}
              onChange={(expiry) => setDraft((before) => ({ ...before, expiry }))}
            />,
          )}
          {part(
            'ask',
            text.ask,
            <AskChoice value={draft.ask} onChange={(ask) => setDraft((before) => ({ ...before, ask }))} />,
          )}
          <section className={styles.changes} aria-live="polite" aria-label={text.summary}>
            {found.isPending ? <p>{text.collecting}</p> : null}
            {parts.size === 0 ? <p>{text.choose}</p> : null}
            {lacking.map((name) => (
              <p key={name} className={styles.lacking}>
                {contribute.missing[name]}
              </p>
            ))}
            {plan && parts.size > 0 ? (
              <Summary plan={plan} all={found.data?.length ?? 0} ask={draft.ask} />
            ) : null}
          </section>
          <Trouble error={found.error} title={text.collectFailed} rejected={text.stopped} />
          <DialogActions>
            <DialogClose asChild>
              <Button>{text.keep}</Button>
            </DialogClose>
            <Button type="submit" look="main" busy={!plan || plan.items.length === 0}>
              {text.sign(plan?.items.length ?? 0)}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  )
}

function Summary({ plan, all, ask }: { plan: BulkPlan; all: number; ask: boolean }) {
  const { items, same, withdrawn, ended } = plan
  const lines = [
    ...[...plan.allow].map(([purpose, n]) => text.allow(purposeTitles[purpose], n)),
    ...[...plan.forbid].map(([purpose, n]) => text.forbid(purposeTitles[purpose], n)),
    plan.end > 0 ? text.end(plan.end) : null,
    plan.ask > 0 ? (ask ? text.asks : text.asksNoMore)(plan.ask) : null,
    same > 0 ? text.same(same) : null,
    withdrawn > 0 ? text.withdrawn(withdrawn) : null,
    ended > 0 ? text.ended(ended) : null,
  ].filter((line) => line !== null)
  return (
    <>
      <p>
        {text.changes(items.length, all)} {items.length > 0 ? text.signatures(items.length) : null}
      </p>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  )
}

/** Signs what was before, for all that went through; of something that had ended there is no way back. */
function Undo({
  items,
  failed,
  onUndo,
}: {
  items: BulkItem[]
  failed: { item: BulkItem }[]
  onUndo: (items: BulkItem[]) => void
}) {
  const lost = new Set(failed.map(({ item }) => item.dataset.id))
  const back = items
    .filter(({ dataset }) => !lost.has(dataset.id) && dataset.status === 'active')
    .map(({ dataset, consent }) => ({
      dataset: { ...dataset, ...asResource(consent) },
      consent: consentBefore(dataset),
    }))
  if (back.length === 0) return null
  return <Button onClick={() => onUndo(back)}>{text.undo(back.length)}</Button>
}

const asResource = ({ purposes, expires: end, ask }: BulkItem['consent']): Partial<DatasetResource> => ({
  purposes,
  expires: end === null ? null : end.toISOString(),
  ask,
})

function changeOf(draft: ConsentDraft, parts: ReadonlySet<Part>): BulkChange {
  return {
    ...(parts.has('purposes') ? { purposes: draft.purposes } : {}),
    ...(parts.has('expiry') ? { expires: expires(draft.expiry) as Date | null } : {}),
    ...(parts.has('ask') ? { ask: draft.ask } : {}),
  }
}

function toggled(set: ReadonlySet<Part>, name: Part, on: boolean): ReadonlySet<Part> {
  const next = new Set(set)
  on ? next.add(name) : next.delete(name)
  return next
}
