import type { DatasetResource } from '@granary/protocol'
import { type FormEvent, useState } from 'react'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import { Trouble } from '../../components/trouble.js'
import type { Wallet } from '../../wallet/wallet.js'
import { AskChoice } from '../contribute/ask-choice.js'
import { missingConsent } from '../contribute/draft.js'
import { ExpiryChoice } from '../contribute/expiry-choice.js'
import { contribute, purposeTitles } from '../contribute/messages.js'
import { PurposeChoice } from '../contribute/purpose-choice.js'
import styles from './change-consent.module.css'
import { type Change, changes, consentOf, draftOf } from './consent.js'
import { useUpdateConsent } from './datasets.queries.js'
import { consent as text } from './messages.js'

/** Purposes, end and mode of a dataset, and what a change of them comes to, before it is signed. */
export function ChangeConsent({
  dataset,
  title,
  wallet,
  onChanged,
}: {
  dataset: DatasetResource
  title: string
  wallet: Wallet
  onChanged: (said: string) => void
}) {
  const [open, setOpen] = useState(false)
  const [draft, setDraft] = useState(() => draftOf(dataset))
  const update = useUpdateConsent(wallet, () => {
    setOpen(false)
    onChanged(text.changed(title))
  })
  const lacking = missingConsent(draft)
  const list = lacking.length > 0 ? [] : changes(dataset, consentOf(draft, dataset))

  function submit(event: FormEvent) {
    event.preventDefault()
    if (list.length === 0 || update.isPending) return
    update.mutate({ id: dataset.id, consent: consentOf(draft, dataset) })
  }

  return (
    <Dialog
      open={open}
      busy={update.isPending}
      onOpenChange={(next) => {
        update.reset()
        setDraft(draftOf(dataset))
        setOpen(next)
      }}
      trigger={
        <Button look="quiet" aria-label={text.openLabel(title)}>
          {text.open}
        </Button>
      }
      title={text.title(title)}
      description={<p>{text.lead}</p>}
    >
      <form className={styles.form} onSubmit={submit} noValidate>
        <PurposeChoice
          value={draft.purposes}
          onChange={(purposes) => setDraft((before) => ({ ...before, purposes }))}
        />
        <fieldset>
          <legend className={styles.legend}>{contribute.expiry}</legend>
          <ExpiryChoice
            value={draft.expiry}
            onChange={(expiry) => setDraft((before) => ({ ...before, expiry }))}
          />
        </fieldset>
        <fieldset>
          <legend className={styles.legend}>{contribute.ask}</legend>
          <AskChoice value={draft.ask} onChange={(ask) => setDraft((before) => ({ ...before, ask }))} />
        </fieldset>
        <section className={styles.changes} aria-live="polite" aria-label={text.summary}>
          {lacking.map((part) => (
            <p key={part} className={styles.lacking}>
              {contribute.missing[part]}
            </p>
          ))}
          {lacking.length === 0 && list.length === 0 ? <p>{text.nothing}</p> : null}
          {list.length > 0 ? (
            <ul>
              {list.map((change) => (
                <li key={change.kind}>{words(change)}</li>
              ))}
            </ul>
          ) : null}
        </section>
        <Trouble error={update.error} title={text.failed} rejected={text.rejected} />
        <DialogActions>
          <DialogClose asChild>
            <Button busy={update.isPending}>{text.keep}</Button>
          </DialogClose>
          <Button type="submit" look="main" busy={update.isPending}>
            {update.isPending ? text.saving : text.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function words(change: Change): string {
  if (change.kind === 'end') return change.end === null ? text.noEnd : text.end(change.end)
  if (change.kind === 'ask') return change.ask ? text.asks : text.asksNoMore
  return text[change.kind](change.purposes.map((purpose) => purposeTitles[purpose]).join(', '))
}
