import { Progress as Bar } from 'radix-ui'
import { memo, useEffect, useRef } from 'react'
import { Button } from '../../components/button.js'
import { Ear, KERNELS } from '../../components/ear.js'
import { Notice } from '../../components/notice.js'
import { bytes, short } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { ReceiptButton } from '../receipt/receipt-button.js'
import { CancelQuestion } from './cancel-question.js'
import { useContributions } from './contributions.context.js'
import { fraction, type Item, type ItemState } from './contributions.state.js'
import { type Contributions, canCancel, canPause, canRetry } from './contributions.store.js'
import { progress as text, troubles } from './messages.js'
import { Paged } from './paged.js'
import styles from './progress.module.css'
import { secondsLeft } from './rate.js'
import type { Phase } from './run.js'
import { totalWords } from './total-words.js'
import { underWay as together } from './underway.messages.js'

const PHASES: readonly { phase: Phase; title: string }[] = [
  { phase: 'sealing', title: text.seal },
  { phase: 'uploading', title: text.upload },
  { phase: 'registering', title: text.register },
]

/** How far each file has come, and all together: sealed, uploaded, registered. */
export function Progress({ wallet, onAgain }: { wallet: Wallet; onAgain: () => void }) {
  const { items, totals, contributions } = useContributions()
  const heading = useRef<HTMLHeadingElement>(null)
  // The form that had the focus is gone: go on reading here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: also when more files join
  useEffect(() => heading.current?.focus(), [items.length])
  const { busy, done, paused } = totals
  const all = done === items.length
  return (
    <section aria-labelledby="progress" className={styles.progress}>
      <h2 id="progress" ref={heading} tabIndex={-1}>
        {busy ? text.title : all ? text.allDone(done) : paused > 0 ? text.allPaused : text.someFailed}
      </h2>
      <p className={styles.lead}>
        {busy ? text.keepOpen : all ? text.allDoneText : paused > 0 ? text.pausedText : text.someFailedText}
      </p>
      {items.length > 1 ? <Total items={items} contributions={contributions} /> : null}
      <Paged of={items} className={styles.items!}>
        {(item) => <Line key={item.name} item={item} wallet={wallet} contributions={contributions} />}
      </Paged>
      {/* Says phases and quarters only: a screen reader should not be flooded. */}
      <p className={styles.spoken} aria-live="polite">
        {items
          .filter(({ state }) => state.kind !== 'waiting')
          .map((item) => text.announce(item.order.title, words(item.state, wallet, 25)))
          .at(-1)}
      </p>
      <Button look={busy ? 'plain' : 'main'} onClick={onAgain}>
        {busy || paused > 0 ? text.addMore : text.again}
      </Button>
    </section>
  )
}

function Total({ items, contributions }: { items: readonly Item[]; contributions: Contributions }) {
  const { totals } = useContributions()
  const names = (which: (item: Item) => boolean) => items.filter(which).map(({ name }) => name)
  const pausable = names(({ state }) => canPause(state))
  const paused = names(({ state }) => state.kind === 'paused')
  const open = names(({ state }) => canCancel(state))
  const failed = names((item) => item.state.kind === 'failed' && canRetry(item))
  return (
    <div className={styles.total}>
      <Bar.Root className={styles.bar} value={Math.round(totals.part * 100)} aria-label={together.inAll}>
        <Bar.Indicator className={styles.fill} style={{ transform: `scaleX(${totals.part})` }} />
      </Bar.Root>
      <p className={styles.state}>{totalWords(totals)}</p>
      <div className={styles.actions}>
        {pausable.length > 0 ? (
          <Button onClick={() => contributions.pause(...pausable)}>{text.pauseAll}</Button>
        ) : null}
        {paused.length > 0 ? (
          <Button onClick={() => contributions.resume(...paused)}>{text.resumeAll(paused.length)}</Button>
        ) : null}
        {failed.length > 1 ? (
          <Button onClick={() => contributions.retry(...failed)}>{text.retryAll(failed.length)}</Button>
        ) : null}
        {open.length > 0 ? (
          <CancelQuestion
            title={text.cancelAllQuestion(open.length)}
            trigger={<Button look="quiet">{text.cancelAll}</Button>}
            onCancel={() => contributions.cancel(...open)}
          />
        ) : null}
      </div>
    </div>
  )
}

const Line = memo(function Line({
  item,
  wallet,
  contributions,
}: {
  item: Item
  wallet: Wallet
  contributions: Contributions
}) {
  const { state, order, name } = item
  const parts = PHASES.map(({ phase }) => fraction(state, phase))
  const whole = parts.reduce((sum, part) => sum + part, 0) / parts.length
  const isRetryable = canRetry(item)
  const cancel = () => contributions.cancel(name)
  return (
    <li className={styles.item} data-state={state.kind}>
      <Ear ripe={Math.floor(whole * KERNELS)} size={64} />
      <div className={styles.body}>
        <h3>{order.title}</h3>
        {/* What failed says so in its notice. */}
        {state.kind === 'failed' ? null : <p className={styles.state}>{words(state, wallet, 1)}</p>}
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
            action={
              isRetryable ? <Button onClick={() => contributions.retry(name)}>{text.retry}</Button> : null
            }
          >
            {!isRetryable ? text.chooseAgain : state.kept ? text.retryKept : text.retryFrom}
          </Notice>
        ) : null}
        {state.kind === 'done' ? (
          <p className={styles.proof}>
            {text.dataset} <code title={state.id}>{short(state.id)}</code>, {text.transaction}{' '}
            <code title={state.transaction}>{short(state.transaction)}</code>
          </p>
        ) : null}
      </div>
      <div className={styles.actions}>
        {state.kind === 'done' ? (
          <ReceiptButton dataset={state.id} title={order.title} wallet={wallet} />
        ) : null}
        {canPause(state) ? (
          <Button aria-label={text.pauseLabel(order.title)} onClick={() => contributions.pause(name)}>
            {text.pause}
          </Button>
        ) : null}
        {state.kind === 'paused' ? (
          <Button aria-label={text.resumeLabel(order.title)} onClick={() => contributions.resume(name)}>
            {text.resume}
          </Button>
        ) : null}
        {canCancel(state) ? (
          state.kind === 'waiting' || (state.kind === 'paused' && state.phase === null) ? (
            <Button look="quiet" aria-label={text.cancelLabel(order.title)} onClick={cancel}>
              {text.cancel}
            </Button>
          ) : (
            <CancelQuestion
              title={text.cancelQuestion(order.title)}
              trigger={
                <Button look="quiet" aria-label={text.cancelLabel(order.title)}>
                  {text.cancel}
                </Button>
              }
              onCancel={cancel}
            />
          )
        ) : null}
        {state.kind === 'cancelled' && isRetryable ? (
          <Button onClick={() => contributions.retry(name)}>{text.retry}</Button>
        ) : null}
      </div>
    </li>
  )
})

/** The state in words; percentages in steps of `step`. */
function words(state: ItemState, wallet: Wallet, step: number): string {
  if (state.kind === 'failed') return troubles[state.code] ?? state.message
  if (state.kind === 'paused') return state.phase === 'sealing' ? text.pausedSealing : text.paused
  if (state.kind !== 'running') return text[state.kind]
  if (state.phase === 'registering') return wallet.kind === 'injected' ? text.signing : text.registering
  if (state.away) return text.away
  if (state.queued) return text.queued
  const percent = Math.floor((fraction(state, state.phase) * 100) / step) * step
  const { phase, speed, done, total } = state
  if (step > 1 || speed === null || speed < 1) return text[phase](percent)
  const left = secondsLeft(total - done, speed)
  return [
    text[phase](percent),
    together.speed(bytes(Math.round(speed))),
    left === null ? null : together.timeLeft(left),
  ]
    .filter((part) => part !== null)
    .join(' · ')
}
