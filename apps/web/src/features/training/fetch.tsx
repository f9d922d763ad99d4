import type { RequestResource } from '@granary/protocol'
import type { CustodianStep } from '@granary/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { codeOf } from '../../components/trouble.js'
import { saveBlob } from '../../lib/save.js'
import type { Wallet } from '../../wallet/wallet.js'
import { Custodians } from './custodians.js'
import { fetchHere, pickFolder } from './fetch.run.js'
import { type Kept, keptFile, keptOf, removeKept } from './fetch.sink.js'
import { keyFor } from './key.js'
import { LoadKey } from './key-card.js'
import { key as keyText, request as text } from './messages.js'
import { Progress } from './progress.js'
import styles from './training.module.css'
import { useApprovals, useManifest } from './training.queries.js'
import { saidOf, TrainerTrouble } from './trouble.js'

/** Bytes opened so far, by dataset. */
export type Opening = ReadonlyMap<string, { done: number; total: number | null }>

/** Has the request's datasets released, fetches and opens them, and says at each moment how far it is. */
export function Fetch({ request, wallet }: { request: RequestResource; wallet: Wallet }) {
  const client = useQueryClient()
  const isOpen = request.status === 'open'
  const manifest = useManifest(request.id)
  const approvals = useApprovals(request.id, isOpen)
  const key = useQuery({
    queryKey: ['training-keys', wallet.address, request.recipient],
    queryFn: () => keyFor(wallet.address, request.recipient),
  })
  const kept = useQuery({ queryKey: ['kept', request.id], queryFn: () => keptOf(request.id) })
  const [opening, setOpening] = useState<Opening>(new Map())
  const [steps, setSteps] = useState<readonly CustodianStep[]>([])
  const stop = useRef<AbortController | null>(null)
  // Going to another page stops it; what is here stays.
  useEffect(() => () => stop.current?.abort(new DOMException('stopped', 'AbortError')), [])
  useEffect(() => void removeKept().catch(() => {}), [])

  const fetching = useMutation({
    mutationFn: async (folder: FileSystemDirectoryHandle | null) => {
      stop.current = new AbortController()
      setOpening(new Map())
      setSteps([])
      return fetchHere({
        wallet,
        request: request.id,
        identity: key.data!.identity,
        folder,
        onProgress: (dataset, done, total) => {
          setOpening((before) => new Map(before).set(dataset, { done, total }))
          if (done === total) void client.invalidateQueries({ queryKey: ['kept', request.id] })
        },
        onCustodian: (step) => setSteps((before) => [...before, step]),
        signal: stop.current.signal,
      })
    },
    onSuccess: async ({ files }, folder) => {
      // What is alone goes straight to where downloads go.
      const [only] = files
      if (folder || files.length !== 1 || !only || only.resumedFrom === null) return
      const one = (await keptOf(request.id)).get(only.dataset)
      if (one) await saveKept(one)
    },
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['kept', request.id] })
    },
  })
  const start = async (choose: boolean) => {
    try {
      fetching.mutate(choose && pickFolder ? await pickFolder({ mode: 'readwrite' }) : null)
    } catch (error) {
      if ((error as DOMException).name !== 'AbortError') throw error
    }
  }
  const ids = (manifest.data?.contents ?? []).map(({ dataset }) => dataset as string)
  const here = kept.data ?? new Map<string, Kept>()
  const failed = fetching.data?.failed ?? []
  const busy = fetching.isPending
  const count = ids.filter((id) => here.has(id)).length
  const wrongKey = key.isSuccess && key.data === null
  return (
    <section aria-labelledby="fetch" className={lines.section}>
      <h2 id="fetch">{text.fetchTitle}</h2>
      {isOpen ? (
        <>
          <p className={lines.soft}>{text.fetchLead}</p>
          <p className={lines.soft}>{text.charge}</p>
        </>
      ) : (
        <Notice tone="calm" title={text.closedTitle} />
      )}
      {isOpen && wrongKey ? (
        <>
          <Notice tone="attention" title={keyText.wrong} />
          <div className={styles.buttons}>
            <LoadKey wallet={wallet} />
          </div>
        </>
      ) : null}
      {isOpen && key.data ? (
        <div className={styles.buttons}>
          {busy ? (
            <Button onClick={() => stop.current?.abort(new DOMException('stopped', 'AbortError'))}>
              {text.stop}
            </Button>
          ) : (
            <>
              {pickFolder ? (
                <Button look="main" onClick={() => start(true)}>
                  {text.toFolder}
                </Button>
              ) : null}
              <Button look={pickFolder ? 'plain' : 'main'} onClick={() => start(false)}>
                {text.here}
              </Button>
            </>
          )}
        </div>
      ) : null}
      <p role="status" className={styles.said}>
        {busy
          ? opening.size === 0 && steps.length === 0
            ? text.asking
            : text.working(count, ids.length)
          : ''}
        {!busy && ids.length > 0 && count === ids.length ? text.allDone : ''}
      </p>
      <Outcome error={fetching.error} />
      {failed.length > 0 && !busy ? (
        <Notice tone="attention" title={text.someFailed(failed.length)}>
          {[...new Set(failed.map(({ code, message }) => saidOf(code, message)))].map((said) => (
            <p key={said}>{said}</p>
          ))}
        </Notice>
      ) : null}
      <Custodians steps={steps} faults={fetching.data?.custodians ?? []} />
      <Progress
        ids={ids}
        opening={busy ? opening : new Map()}
        kept={here}
        approvals={approvals.data ?? new Map()}
        failed={new Map(failed.map(({ dataset, code, message }) => [dataset, saidOf(code, message)]))}
        onSave={saveKept}
      />
      {here.size > 0 && !busy ? (
        <div className={styles.buttons}>
          <p className={lines.soft}>{text.copies}</p>
          <Button
            onClick={async () => {
              await removeKept(request.id)
              await client.invalidateQueries({ queryKey: ['kept', request.id] })
            }}
          >
            {text.removeCopies}
          </Button>
        </div>
      ) : null}
    </section>
  )
}

async function saveKept(kept: Kept): Promise<void> {
  const file = await keptFile(kept)
  // No type of its own: what is in it is saved, never shown.
  if (file) saveBlob(kept.name, file.slice(0, file.size, 'application/octet-stream'))
}

function Outcome({ error }: { error: unknown }) {
  if (!error) return null
  if ((error as Error).name === 'AbortError') return <Notice tone="calm" title={text.stopped} />
  if (codeOf(error) === 'FETCH_ELSEWHERE') return <Notice tone="attention" title={text.elsewhere} />
  return <TrainerTrouble error={error} title={text.failed} rejected={text.rejected} />
}
