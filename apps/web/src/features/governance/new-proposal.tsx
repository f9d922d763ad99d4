import type { ActionName, NetworkResource } from '@granary/protocol'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { useLocation } from 'wouter'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { Trouble } from '../../components/trouble.js'
import { amount } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { usePools } from '../contribute/pools.queries.js'
import { ActionForm } from './action-form.js'
import { callText } from './calls.js'
import { Changes } from './change-list.js'
import { type Fields, faultsOf } from './draft.js'
import { draft as text } from './draft.messages.js'
import styles from './draft.module.css'
import { type Thing, useDescribed, usePropose } from './draft.queries.js'
import { useMember } from './governance.queries.js'

const GRAIN = { symbol: 'GRAIN', decimals: 18 }
/** As many calls as a proposal has at most. */
const MOST_THINGS = 16
const KEPT = 'granary.proposal.draft'

interface Typed {
  action: ActionName | null
  fields: Fields
}

/** What was typed survives a reload of the tab. */
function kept(): { things: Typed[]; why: string } {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEPT) ?? '') as { things: Typed[]; why: string }
    if (Array.isArray(found.things) && found.things.length > 0) return found
  } catch {
    // Nothing was kept.
  }
  return { things: [{ action: null, fields: {} }], why: '' }
}

/** A proposal of one or several things, with what each changes, before it is signed. */
export function NewProposal({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const [{ things, why }, setDraft] = useState(kept)
  const [isTried, setTried] = useState(false)
  const [open, setOpen] = useState(false)
  const [, navigate] = useLocation()
  const member = useMember(wallet.address)
  const pools = usePools()
  const id = useId()
  useEffect(() => sessionStorage.setItem(KEPT, JSON.stringify({ things, why })), [things, why])

  const facts = { network, pools: pools.data ?? [], now: Math.floor(Date.now() / 1000) }
  const faults = things.map(({ action, fields }) =>
    action === null ? { action: text.missing } : faultsOf(action, fields, facts),
  )
  const isWhole = faults.every((each) => Object.keys(each).length === 0)
  const wanted: Thing[] = isWhole ? things.map(({ action, fields }) => ({ action: action!, fields })) : []
  const described = useDescribed(wallet, wanted)
  const propose = usePropose(wallet)
  const change = (place: number, next: Typed) =>
    setDraft({ why, things: things.map((each, i) => (i === place ? next : each)) })

  const { threshold } = network.dao
  const votes = member.data?.votes
  const mayPropose = votes === undefined || BigInt(votes) >= BigInt(threshold)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isWhole && described.data && mayPropose) setOpen(true)
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <p className={lines.soft}>
        {text.lead} {text.needs(amount(threshold, GRAIN))}
      </p>
      {!mayPropose && votes !== undefined ? (
        <Notice tone="attention" title={text.tooFew(amount(votes, GRAIN))} />
      ) : null}
      {things.map((thing, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: things have no name but their place
        <fieldset key={place} className={styles.thing}>
          <legend className={things.length > 1 ? undefined : styles.unseen}>{text.thing(place + 1)}</legend>
          <ActionForm
            thing={thing}
            faults={isTried ? (faults[place] ?? {}) : {}}
            network={network}
            pools={facts.pools}
            onChange={(next) => change(place, next)}
          />
          {things.length > 1 ? (
            <Button
              look="quiet"
              aria-label={text.removeLabel(place + 1)}
              onClick={() => setDraft({ why, things: things.filter((_, i) => i !== place) })}
            >
              {text.remove}
            </Button>
          ) : null}
        </fieldset>
      ))}
      {things.length < MOST_THINGS ? (
        <div className={styles.add}>
          <Button onClick={() => setDraft({ why, things: [...things, { action: null, fields: {} }] })}>
            {text.add}
          </Button>
          <p className={styles.hint}>{text.addNote}</p>
        </div>
      ) : null}
      <div className={styles.field}>
        <label htmlFor={`${id}-why`}>{text.why}</label>
        <textarea
          id={`${id}-why`}
          rows={5}
          maxLength={10_000}
          value={why}
          aria-describedby={`${id}-why-hint`}
          onChange={(event) => setDraft({ things, why: event.target.value })}
        />
        <p id={`${id}-why-hint`} className={styles.hint}>
          {text.whyHint}
        </p>
      </div>
      {described.data ? (
        <section aria-labelledby={`${id}-changes`} className={styles.preview}>
          <h2 id={`${id}-changes`}>{text.changes}</h2>
          <ul>
            {described.data.map((call, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <li key={place}>
                <p>{callText(call, network.token)}</p>
                <Changes call={call} network={network} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <Trouble error={described.error} title={text.failed} rejected={text.rejected} />
      {isTried && !isWhole ? <p role="alert">{text.cannot}</p> : null}
      <Dialog
        kind="question"
        open={open}
        busy={propose.isPending}
        onOpenChange={(next) => {
          propose.reset()
          if (!next) setOpen(false)
        }}
        trigger={
          <Button type="submit" look="main" className={styles.submit} busy={!mayPropose}>
            {text.review}
          </Button>
        }
        title={text.dialogTitle}
        description={<p>{text.dialogLead}</p>}
      >
        <ul className={lines.list}>
          {(described.data ?? []).map((call, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <li key={place} className={lines.line}>
              <div>
                <strong>{callText(call, network.token)}</strong>
                <Changes call={call} network={network} />
              </div>
            </li>
          ))}
        </ul>
        <Trouble error={propose.error} title={text.failed} rejected={text.rejected} />
        <DialogActions>
          <DialogClose asChild>
            <Button busy={propose.isPending}>{text.back}</Button>
          </DialogClose>
          <Button
            look="main"
            busy={propose.isPending}
            onClick={() =>
              propose.mutate(
                {
                  things: wanted,
                  why: why.trim() || (described.data ?? []).map((call) => call.text).join('\n'),
                },
                {
                  onSuccess: (done) => {
                    setOpen(false)
                    setDraft({ things: [{ action: null, fields: {} }], why: '' })
                    sessionStorage.removeItem(KEPT)
                    navigate(`/members/proposals/${done.id}`)
                  },
                },
              )
            }
          >
            {propose.isPending ? text.signing : text.sign}
          </Button>
        </DialogActions>
      </Dialog>
    </form>
  )
}
