import type { NetworkResource, TrainerResource } from '@granary/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { day, short } from '../../lib/format.js'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'
import { status as text } from './messages.js'
import styles from './training.module.css'
import { useStanding } from './training.queries.js'
import { TrainerTrouble } from './trouble.js'

/** Whether the account may ask for data, and the application where it has to be made. */
export function Standing({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const standing = useStanding(wallet.address)
  const [editing, setEditing] = useState(false)
  const [done, setDone] = useState(false)
  const trainer = standing.data
  const mustApply = trainer?.status === 'none' || trainer?.status === 'ended'
  return (
    <section aria-labelledby="standing" className={lines.section}>
      <h2 id="standing">{text.title}</h2>
      {standing.isPending ? <p role="status">{text.loading}</p> : null}
      {standing.isError ? <Notice tone="trouble" title={text.failed} /> : null}
      {done ? <Notice tone="good" title={text.applied_} /> : null}
      {trainer ? <Said trainer={trainer} council={network.dao.council} /> : null}
      {trainer && (mustApply || editing) ? (
        <Application
          wallet={wallet}
          trainer={trainer}
          onDone={() => {
            setEditing(false)
            setDone(true)
          }}
        />
      ) : null}
      {trainer?.status === 'applied' && !editing ? (
        <Button onClick={() => setEditing(true)}>{text.again}</Button>
      ) : null}
    </section>
  )
}

const TONES = {
  none: 'calm',
  applied: 'attention',
  approved: 'good',
  suspended: 'trouble',
  ended: 'attention',
} as const

function Said({ trainer, council }: { trainer: TrainerResource; council: readonly string[] }) {
  const { status, approvedUntil, profile } = trainer
  const title = status === 'approved' ? text.approved(day(approvedUntil ?? new Date())) : text[status]
  return (
    <Notice tone={TONES[status]} title={title}>
      <p>{text[`${status}Text`]}</p>
      {profile && status !== 'none' ? <p>{profile.name}</p> : null}
      {status === 'suspended' || status === 'applied' ? (
        <p>
          {text.council}{' '}
          {council.map((member) => (
            <code key={member} title={member}>
              {short(member)}{' '}
            </code>
          ))}
        </p>
      ) : null}
    </Notice>
  )
}

function Application({
  wallet,
  trainer,
  onDone,
}: {
  wallet: Wallet
  trainer: TrainerResource
  onDone: () => void
}) {
  const id = useId()
  const client = useQueryClient()
  const [name, setName] = useState(trainer.profile?.name ?? '')
  const [url, setUrl] = useState(trainer.profile?.url ?? '')
  const [description, setDescription] = useState(trainer.profile?.description ?? '')
  const [fault, setFault] = useState<'name' | 'url' | null>(null)
  const apply = useMutation({
    mutationFn: () =>
      signing(async () =>
        (await granary(wallet)).trainers.apply({
          name: name.trim(),
          description: description.trim(),
          ...(url.trim() ? { url: url.trim() } : {}),
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['standing'] })
      onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = name.trim() === '' ? 'name' : url.trim() && !isWeb(url.trim()) ? 'url' : null
    setFault(found)
    if (found) document.getElementById(`${id}-${found}`)?.focus()
    else apply.mutate()
  }
  const described = (field: 'name' | 'url') => ({
    'aria-invalid': fault === field || undefined,
    'aria-describedby': `${id}-${field}-help`,
  })
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <div className={styles.field}>
        <label htmlFor={`${id}-name`}>{text.name}</label>
        <input
          id={`${id}-name`}
          value={name}
          maxLength={200}
          autoComplete="organization"
          onChange={(event) => setName(event.target.value)}
          {...described('name')}
        />
        <p id={`${id}-name-help`} className={styles.fault}>
          {fault === 'name' ? text.noName : ''}
        </p>
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}-url`}>{text.url}</label>
        <input
          id={`${id}-url`}
          type="url"
          value={url}
          maxLength={500}
          autoComplete="url"
          onChange={(event) => setUrl(event.target.value)}
          {...described('url')}
        />
        <p id={`${id}-url-help`} className={fault === 'url' ? styles.fault : lines.meta}>
          {fault === 'url' ? text.badUrl : text.urlHelp}
        </p>
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}-description`}>{text.description}</label>
        <textarea
          id={`${id}-description`}
          rows={4}
          value={description}
          maxLength={5000}
          aria-describedby={`${id}-description-help`}
          onChange={(event) => setDescription(event.target.value)}
        />
        <p id={`${id}-description-help`} className={lines.meta}>
          {text.descriptionHelp}
        </p>
      </div>
      <TrainerTrouble error={apply.error} title={text.failedTitle} rejected={text.rejected} />
      <div className={styles.buttons}>
        <Button type="submit" look="main" busy={apply.isPending}>
          {apply.isPending ? text.applying : text.apply}
        </Button>
        <p className={lines.meta}>{text.free}</p>
      </div>
    </form>
  )
}

function isWeb(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol)
  } catch {
    return false
  }
}
