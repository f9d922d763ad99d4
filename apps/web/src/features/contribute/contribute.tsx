import type { NetworkResource } from '@granary/protocol'
import { type FormEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import type { Wallet } from '../../wallet/wallet.js'
import { AskChoice } from './ask-choice.js'
import styles from './contribute.module.css'
import { useContributions, useHeld } from './contributions.context.js'
import { describeFile } from './describe.queue.js'
import { type Chosen, type Draft, expires, missing, type Part, withFiles } from './draft.js'
import { Everywhere } from './everywhere.js'
import { ExpiryChoice } from './expiry-choice.js'
import { FileChoice } from './file-choice.js'
import { type Found, type LeftOut, nothingLeftOut } from './gather.js'
import { contribute as text } from './messages.js'
import { PoolChoice } from './pool-choice.js'
import { usePools } from './pools.queries.js'
import { Progress } from './progress.js'
import { PublicFacts } from './public-facts.js'
import { firstEdits, publishedOf } from './published.js'
import { PurposeChoice } from './purpose-choice.js'
import { Unfinished } from './unfinished.js'

/** The form that adds datasets to a pool, and their way there. */
export function Contribute({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const { draft, setDraft } = useHeld()
  const [left, setLeft] = useState<LeftOut>(nothingLeftOut)
  const [adding, setAdding] = useState(false)
  const [told, setTold] = useState<Part[]>([])
  const form = useRef<HTMLFormElement>(null)
  const pools = usePools()
  const { contributions, items, totals } = useContributions()
  const open = pools.data?.filter((pool) => !pool.closed) ?? []
  const isGone = pools.data !== undefined && draft.pool !== null && !open.some(({ id }) => id === draft.pool)
  const pool = isGone ? null : (draft.pool ?? (open.length === 1 ? open[0]!.id : null))
  const filled = { ...draft, pool }
  const wrongChain = wallet.chainId !== network.chainId
  const lacking = told.length === 0 ? [] : missing(filled).filter((part) => told.includes(part))

  useDescriptions(draft.files, setDraft)
  const latest = useRef(draft)
  useEffect(() => {
    latest.current = draft
  }, [draft])
  const add = useCallback(
    (found: readonly Found[], unreadable = 0) => {
      setLeft({ ...withFiles(latest.current, found).left, unreadable })
      setDraft((before) => withFiles(before, found).draft)
      setAdding(true)
    },
    [setDraft],
  )
  const remove = (keys: readonly string[]) => {
    const gone = new Set(keys)
    setLeft(nothingLeftOut)
    setDraft((before) => ({ ...before, files: before.files.filter(({ key }) => !gone.has(key)) }))
  }
  const change = (key: string, next: Partial<Chosen>) =>
    setDraft((before) => ({
      ...before,
      files: before.files.map((file) => (file.key === key ? { ...file, ...next } : file)),
    }))
  const looking = draft.files.filter(({ found }) => found === 'looking').length

  function submit(event: FormEvent) {
    event.preventDefault()
    if (wrongChain) return
    const parts = missing(filled)
    setTold(parts)
    if (parts.length > 0) {
      const first = form.current?.querySelector<HTMLElement>(`[data-part="${parts[0]}"]`)
      first?.querySelector<HTMLElement>('button, input:not([hidden])')?.focus()
      return
    }
    const { purposes, expiry, ask, files } = filled
    contributions.start(
      files.map(({ file, handle, title, type, description, found, edits }) => ({
        name: crypto.randomUUID(),
        order: {
          title,
          type,
          description: description.trim(),
          schema: found === 'looking' || found === null ? null : publishedOf(found.schema, edits),
          size: file.size,
          pool: pool!,
          purposes,
          expires: expires(expiry) as Date | null,
          ask,
        },
        file,
        handle,
      })),
    )
    setDraft((before) => ({ ...before, files: [] }))
    setLeft(nothingLeftOut)
    setAdding(false)
    setTold([])
  }
  const unfinished = (
    <Unfinished
      wallet={wallet}
      wrongChain={wrongChain}
      onContinue={(records) =>
        contributions.start(records.map(({ name, order }) => ({ name, order, file: null })))
      }
      onAgain={({ name, order }, file, handle) => contributions.start([{ name, order, file, handle }])}
    />
  )

  const again = () => {
    if (!totals.busy && totals.paused === 0) contributions.clear()
    setAdding(true)
  }
  if (items.length > 0 && !adding && draft.files.length === 0) {
    return (
      <>
        <Everywhere onFound={add} />
        {unfinished}
        <Progress wallet={wallet} onAgain={again} />
      </>
    )
  }
  return (
    <>
      <Everywhere onFound={add} />
      {unfinished}
      {items.length > 0 ? <Progress wallet={wallet} onAgain={again} /> : null}
      <section aria-labelledby="contribute" className={styles.contribute}>
        <h2 id="contribute" className={styles.heading}>
          {text.title}
        </h2>
        <form ref={form} onSubmit={submit} noValidate>
          <Step part="files" title={text.files} help={text.filesHelp} lacking={lacking}>
            <FileChoice files={draft.files} left={left} onAdd={add} onRemove={remove} />
          </Step>
          {draft.files.length > 0 ? (
            <>
              <Step part="pool" title={text.pool} help={`${text.poolHelp} ${text.share}`} lacking={lacking}>
                {pools.data ? (
                  <PoolChoice
                    pools={pools.data}
                    network={network}
                    value={pool}
                    gone={isGone ? draft.pool : null}
                    onChange={(id) => {
                      setDraft((before) => ({ ...before, pool: id }))
                      // It may have been closed since it was listed.
                      void pools.refetch()
                    }}
                  />
                ) : (
                  <p className={pools.isError ? styles.lacking : styles.help} role="status">
                    {pools.isError ? text.poolsFailed : text.poolsLoading}
                  </p>
                )}
              </Step>
              <Step part="purposes" title={text.purposes} help={text.purposesHelp} lacking={lacking}>
                <PurposeChoice
                  value={draft.purposes}
                  onChange={(purposes) => setDraft((before) => ({ ...before, purposes }))}
                />
              </Step>
              <Step part="expires" title={text.expiry} help={text.expiryHelp} lacking={lacking}>
                <ExpiryChoice
                  value={draft.expiry}
                  onChange={(expiry) => setDraft((before) => ({ ...before, expiry }))}
                />
              </Step>
              <Step part="ask" title={text.ask} help={text.askHelp} lacking={lacking}>
                <AskChoice value={draft.ask} onChange={(ask) => setDraft((before) => ({ ...before, ask }))} />
              </Step>
              <Step part="title" title={text.public} help={text.publicHelp} lacking={lacking}>
                <PublicFacts files={draft.files} onChange={change} />
              </Step>
              <div className={styles.submit}>
                {lacking.length > 0 ? (
                  <Notice tone="trouble" title={text.correct}>
                    <ul>
                      {lacking.map((part) => (
                        <li key={part}>{text.missing[part]}</li>
                      ))}
                    </ul>
                  </Notice>
                ) : null}
                {wrongChain ? <p className={styles.lacking}>{text.wrongChainFirst}</p> : null}
                <Button type="submit" look="main" busy={wrongChain}>
                  {text.submit(draft.files.length)}
                </Button>
                <p className={styles.help}>
                  {wallet.kind === 'injected' ? `${text.signatures(draft.files.length)} ` : ''}
                  {text.costs}
                </p>
                {looking > 0 ? <p className={styles.help}>{text.lookingStill(looking)}</p> : null}
              </div>
            </>
          ) : null}
        </form>
      </section>
    </>
  )
}

/** Looks into each file once it is chosen, while the rest of the form is filled in. */
function useDescriptions(files: readonly Chosen[], setDraft: (change: (before: Draft) => Draft) => void) {
  const looked = useRef(new Set<string>())
  const leave = useRef(new AbortController())
  useEffect(() => {
    const controller = new AbortController()
    leave.current = controller
    return () => controller.abort()
  }, [])
  useEffect(() => {
    const { signal } = leave.current
    for (const { key, file, found } of files) {
      if (found !== 'looking' || looked.current.has(key)) continue
      looked.current.add(key)
      void describeFile(file, signal).then((description) => {
        looked.current.delete(key)
        if (signal.aborted) return
        const learnt = { found: description, edits: firstEdits(description?.schema ?? null) }
        setDraft((before) => ({
          ...before,
          files: before.files.map((one) => (one.key === key ? { ...one, ...learnt } : one)),
        }))
      })
    }
  }, [files, setDraft])
}

function Step({
  part,
  title,
  help,
  lacking,
  children,
}: {
  part: Part
  title: string
  help: string
  lacking: readonly Part[]
  children: ReactNode
}) {
  return (
    <fieldset className={styles.step} data-part={part} data-lacking={lacking.includes(part) || undefined}>
      <legend className={styles.legend}>{title}</legend>
      <p className={styles.help}>{help}</p>
      {children}
      {lacking.includes(part) ? <p className={styles.lacking}>{text.missing[part]}</p> : null}
    </fieldset>
  )
}
