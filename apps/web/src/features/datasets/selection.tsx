import type { DatasetResource } from '@granary/protocol'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import type { Wallet } from '../../wallet/wallet.js'
import { selection as text } from './bulk.messages.js'
import { BulkConsent } from './bulk-consent.js'
import { BulkWithdraw } from './bulk-withdraw.js'
import { allOwned, type Filter } from './owned.queries.js'
import styles from './selection.module.css'

/** `all`: everything that fits the filter, on later pages too; else those that were ticked. */
export interface Selection {
  all: boolean
  chosen: ReadonlyMap<string, DatasetResource>
}

export const NOTHING: Selection = { all: false, chosen: new Map() }

/** What was ticked in a list. Another filter is another list: nothing that is not seen stays ticked. */
export function useSelection() {
  const [selection, setSelection] = useState<Selection>(NOTHING)
  return {
    selection,
    clear: () => setSelection(NOTHING),
    selectAll: () => setSelection({ all: true, chosen: new Map() }),
    select: (datasets: DatasetResource[], on: boolean, shown: DatasetResource[]) =>
      setSelection((before) => {
        const chosen = new Map(before.all ? shown.map((one) => [one.id, one]) : before.chosen)
        for (const dataset of datasets) on ? chosen.set(dataset.id, dataset) : chosen.delete(dataset.id)
        return { all: false, chosen }
      }),
  }
}

/** How many are selected, how to select all, and what can be done with them together. */
export function SelectionBar({
  selection,
  shown,
  total,
  filter,
  wallet,
  onSelectAll,
  onClear,
  onSaid,
}: {
  selection: Selection
  shown: number
  total: number
  filter: Filter
  wallet: Wallet
  onSelectAll: () => void
  onClear: () => void
  onSaid: (said: string) => void
}) {
  const chosen = selection.all ? total : selection.chosen.size
  // It stays while a dialog of its own is open: a run ends there, not here.
  const [busy, setBusy] = useState(false)
  if (chosen === 0 && !busy) return null
  const collect = async () =>
    selection.all ? allOwned(wallet.address, filter) : [...selection.chosen.values()]
  const actions = { count: chosen, collect, wallet, onOpen: setBusy, onSaid, onDone: onClear }
  return (
    <section className={styles.bar} aria-label={text.actions}>
      <p role="status">{text.chosen(chosen)}</p>
      {!selection.all && selection.chosen.size >= shown && total > shown ? (
        <Button look="quiet" onClick={onSelectAll}>
          {text.all(total)}
        </Button>
      ) : null}
      <Button look="quiet" onClick={onClear}>
        {text.none}
      </Button>
      <div className={styles.actions}>
        <BulkConsent {...actions} />
        <BulkWithdraw {...actions} />
      </div>
    </section>
  )
}
