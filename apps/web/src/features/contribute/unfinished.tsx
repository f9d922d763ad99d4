import { useRef, useState } from 'react'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { Trouble } from '../../components/trouble.js'
import { bytes, day } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { Again } from './again.js'
import { unfinished as text } from './messages.js'
import { hasEnded, keptUntil, type SpoolRecord } from './record.js'
import type { Unfinished as Found } from './unfinished.look.js'
import styles from './unfinished.module.css'
import { useDiscard, useUnfinished } from './unfinished.queries.js'

/** The account's contributions that were cut off in this browser. Not there at all when there are none. */
export function Unfinished({
  wallet,
  wrongChain,
  onContinue,
  onAgain,
}: {
  wallet: Wallet
  wrongChain: boolean
  onContinue: (records: SpoolRecord[]) => void
  /** Its file is there once more: it is sealed from its beginning. */
  onAgain: (record: SpoolRecord, file: File, handle: FileSystemFileHandle | null) => void
}) {
  const list = useUnfinished(wallet.address)
  const [said, setSaid] = useState<string | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const found = list.data ?? []
  const ready = found.filter(canContinue).map(({ record }) => record)
  if (found.length === 0 && said === null) return null
  const gone = (words: string) => {
    setSaid(words)
    // The button that was used goes away with its line.
    heading.current?.focus()
  }
  return (
    <section aria-labelledby="unfinished" className={`${lines.section} ${styles.section}`}>
      <h2 id="unfinished" ref={heading} tabIndex={-1}>
        {text.title}
      </h2>
      {said === null ? null : <Notice tone="calm" title={said} />}
      {ready.length > 0 ? <p className={lines.soft}>{text.lead}</p> : null}
      {found.length > 0 ? (
        <ul className={lines.list}>
          {found.map((one) => (
            <Line
              key={one.record.name}
              one={one}
              wrongChain={wrongChain}
              onContinue={() => onContinue([one.record])}
              onAgain={(file, handle) => onAgain(one.record, file, handle)}
              onGone={gone}
            />
          ))}
        </ul>
      ) : null}
      {ready.length > 0 && wrongChain ? <p className={lines.soft}>{text.wrongChainFirst}</p> : null}
      {ready.length > 1 ? (
        <Button look="main" busy={wrongChain} onClick={() => onContinue(ready)}>
          {text.continueAll(ready.length)}
        </Button>
      ) : null}
    </section>
  )
}

const canContinue = ({ standing, record }: Found) => standing === 'sealed' && !hasEnded(record.order)

const canSealAgain = ({ standing, record }: Found) =>
  standing === 'interrupted' && record.file != null && !hasEnded(record.order)

const TONES: Partial<Record<Found['standing'], string>> = { registered: 'good', interrupted: 'bad' }

function Line({
  one,
  wrongChain,
  onContinue,
  onAgain,
  onGone,
}: {
  one: Found
  wrongChain: boolean
  onContinue: () => void
  onAgain: (file: File, handle: FileSystemFileHandle | null) => void
  onGone: (said: string) => void
}) {
  const { record, standing } = one
  const { title, type, size } = record.order
  const dismiss = useDiscard(() => onGone(text.dismissed(title)))
  return (
    <li className={`${lines.line} ${styles.line}`}>
      <div>
        <h3>{title}</h3>
        <p className={lines.meta}>
          {type} · {bytes(size)}
        </p>
        <p className={styles.state} data-tone={TONES[standing]}>
          {words(one)}
        </p>
      </div>
      <div className={styles.actions}>
        {canContinue(one) ? (
          <Button busy={wrongChain} aria-label={text.continueLabel(title)} onClick={onContinue}>
            {text.continue}
          </Button>
        ) : null}
        {canSealAgain(one) ? <Again record={record} busy={wrongChain} onAgain={onAgain} /> : null}
        {standing === 'sealed' ? <Discard record={record} onGone={onGone} /> : null}
        {standing === 'interrupted' || standing === 'registered' ? (
          <Button
            look="quiet"
            busy={dismiss.isPending}
            aria-label={text.dismissLabel(title)}
            onClick={() => dismiss.mutate(record)}
          >
            {text.dismiss}
          </Button>
        ) : null}
      </div>
    </li>
  )
}

function words({ record, standing }: Found): string {
  if (canSealAgain({ record, standing }) && record.file)
    return record.file.handle ? text.sealAgain : text.chooseAgain(record.file.name, bytes(record.order.size))
  if (standing !== 'sealed') return text.standing[standing]
  if (hasEnded(record.order)) return text.ended
  return (record.sealed?.upload ? text.uploading : text.sealed)(day(keptUntil(record)))
}

/** The button and the question behind it. */
function Discard({ record, onGone }: { record: SpoolRecord; onGone: (said: string) => void }) {
  const [open, setOpen] = useState(false)
  const { title } = record.order
  const discard = useDiscard(() => {
    setOpen(false)
    onGone(text.discarded(title))
  })
  return (
    <Dialog
      kind="question"
      open={open}
      busy={discard.isPending}
      onOpenChange={(next) => {
        discard.reset()
        setOpen(next)
      }}
      trigger={
        <Button look="quiet" aria-label={text.discardLabel(title)}>
          {text.discard}
        </Button>
      }
      title={text.question(title)}
      description={<p>{text.consequence}</p>}
    >
      <Trouble error={discard.error} title={text.discardFailed} rejected="" />
      {discard.data === false ? <Notice tone="trouble" title={text.standing.elsewhere} /> : null}
      <DialogActions>
        <DialogClose asChild>
          <Button busy={discard.isPending}>{text.keep}</Button>
        </DialogClose>
        <Button look="danger" busy={discard.isPending} onClick={() => discard.mutate(record)}>
          {text.confirm}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
