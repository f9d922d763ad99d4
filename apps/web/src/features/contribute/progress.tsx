import { Progress as Bar } from 'radix-ui'
import { useEffect, useRef } from 'react'
import { Button } from '../../components/button.js'
import { Ear, KERNELS } from '../../components/ear.js'
import { Notice } from '../../components/notice.js'
import { short } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { ReceiptButton } from '../receipt/receipt-button.js'
import type { Item, ItemState, useContributions } from './contribute.queue.js'
import { progress as text, troubles } from './messages.js'
import styles from './progress.module.css'
import type { Phase } from './run.js'

const PHASES: readonly { phase: Phase; title: string }[] = [
  { phase: 'sealing', title: text.seal },
  { phase: 'uploading', title: text.upload },
  { phase: 'registering', title: text.register },
]

/** How far each file has come: sealed, uploaded, registered. */
export function Progress({
  items,
  busy,
  cancel,
  retry,
  wallet,
  onAgain,
}: Pick<ReturnType<typeof useContributions>, 'items' | 'busy' | 'cancel' | 'retry'> & {
  wallet: Wallet
  onAgain: () => void
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  // The form that had the focus is gone: go on reading here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: also when more files join
  useEffect(() => heading.current?.focus(), [items.length])
  const done = items.filter(({ state }) => state.kind === 'done').length
  return (
    <section aria-labelledby="progress" className={styles.progress}>
      <h2 id="progress" ref={heading} tabIndex={-1}>
        {busy ? text.title : done === items.length ? text.allDone(done) : text.someFailed}
      </h2>
      <p className={styles.lead}>
        {busy ? text.keepOpen : done === items.length ? text.allDoneText : text.someFailedText}
      </p>
      <ul className={styles.items}>
        {items.map((item) => (
          <Line key={item.name} item={item} wallet={wallet} cancel={cancel} retry={retry} />
        ))}
      </ul>
      {/* Says phases and quarters only: a screen reader should not be flooded. */}
      <p className={styles.spoken} aria-live="polite">
        {items
          .filter(({ state }) => state.kind !== 'waiting')
          .map((item) => text.announce(item.order.title, words(item.state, wallet, 25)))
          .at(-1)}
      </p>
      {busy ? null : (
        <Button look="main" onClick={onAgain}>
          {text.again}
        </Button>
      )}
    </section>
  )
}

function Line({
  item,
  wallet,
  cancel,
  retry,
}: {
  item: Item
  wallet: Wallet
  cancel: (name: string) => void
  retry: (item: Item) => void
}) {
  const { state, order } = item
  const parts = PHASES.map(({ phase }) => fraction(state, phase))
  const whole = parts.reduce((sum, part) => sum + part, 0) / parts.length
  const canRetry = item.file !== null || (state.kind === 'failed' && state.kept)
  const canCancel = state.kind === 'waiting' || (state.kind === 'running' && state.phase !== 'registering')
  return (
    <li className={styles.item} data-state={state.kind}>
      <Ear ripe={Math.floor(whole * KERNELS)} size={64} />
      <div className={styles.body}>
        <h3>{order.title}</h3>
        <p className={styles.state}>{words(state, wallet, 1)}</p>
        <div className={styles.bars}>
          {PHASES.map(({ phase, title }, index) => (
            <div key={phase}>
              <Bar.Root
                className={styles.bar}
                value={Math.round(parts[index]! * 100)}
                aria-label={`${title}: ${order.title}`}
              >
                <Bar.Indicator className={styles.fill} style={{ transform: `scaleX(${parts[index]})` }} />
              </Bar.Root>
              <span aria-hidden="true">{title}</span>
            </div>
          ))}
        </div>
        {state.kind === 'failed' ? (
          <Notice
            tone="trouble"
            title={troubles[state.code] ?? state.message}
            action={canRetry ? <Button onClick={() => retry(item)}>{text.retry}</Button> : null}
          >
            {state.kept ? text.retryKept : canRetry ? text.retryFrom : text.chooseAgain}
          </Notice>
        ) : null}
        {state.kind === 'done' ? (
          <p className={styles.proof}>
            Dataset <code title={state.id}>{short(state.id)}</code>, transaction{' '}
            <code title={state.transaction}>{short(state.transaction)}</code>
          </p>
        ) : null}
      </div>
      {state.kind === 'done' ? (
        <ReceiptButton dataset={state.id} title={order.title} wallet={wallet} />
      ) : null}
      {canCancel ? (
        <Button aria-label={`${text.cancel} ${order.title}`} onClick={() => cancel(item.name)}>
          {text.cancel}
        </Button>
      ) : null}
      {state.kind === 'cancelled' && canRetry ? (
        <Button onClick={() => retry(item)}>{text.retry}</Button>
      ) : null}
    </li>
  )
}

/** Of one phase, from 0 to 1. An empty file is sealed at once. */
function fraction(state: ItemState, phase: Phase): number {
  if (state.kind === 'done') return 1
  if (state.kind !== 'running') return 0
  const [at, of] = [state.phase, phase].map((name) => PHASES.findIndex((entry) => entry.phase === name)) as [
    number,
    number,
  ]
  if (at !== of) return at > of ? 1 : 0
  return state.total === 0 ? 0 : Math.min(1, state.done / state.total)
}

/** The state in words; percentages in steps of `step`. */
function words(state: ItemState, wallet: Wallet, step: number): string {
  if (state.kind === 'failed') return troubles[state.code] ?? state.message
  if (state.kind !== 'running') return text[state.kind]
  if (state.phase === 'registering') return wallet.kind === 'injected' ? text.signing : text.registering
  if (state.away) return text.away
  const percent = Math.floor((fraction(state, state.phase) * 100) / step) * step
  return text[state.phase](percent)
}
