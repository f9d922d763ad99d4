import { useId, useState } from 'react'
import { Account } from '../../components/account.js'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import { Trouble } from '../../components/trouble.js'
import { amount, short } from '../../lib/format.js'
import { sameAddress, type Wallet } from '../../wallet/wallet.js'
import styles from './draft.module.css'
import { DELEGATORS_SHOWN, useDelegate, useDelegators } from './governance.queries.js'
import { delegation as text } from './members.messages.js'
import soft from './membership.module.css'

const GRAIN = { symbol: 'GRAIN', decimals: 18 }
const ADDRESS = /^0x[0-9a-fA-F]{40}$/

/** Who votes with the member's votes, how to change that, and whose votes are with this account. */
export function Delegation({ wallet, delegate }: { wallet: Wallet; delegate: string | null }) {
  const isOwn = delegate === null || sameAddress(delegate, wallet.address)
  const [said, setSaid] = useState<string | null>(null)
  const back = useDelegate(wallet)
  return (
    <div className={soft.delegation}>
      <p className={soft.soft}>{isOwn ? text.own : text.other(short(delegate))}</p>
      <div className={soft.buttons}>
        <Delegate wallet={wallet} isOwn={isOwn} onSaid={setSaid} />
        {isOwn ? null : (
          <Button
            look="quiet"
            busy={back.isPending}
            onClick={() => back.mutate(wallet.address, { onSuccess: () => setSaid(text.taken) })}
          >
            {back.isPending ? text.busy : text.back}
          </Button>
        )}
      </div>
      <Trouble error={back.error} title={text.failed} rejected={text.rejected} />
      {said ? (
        <p role="status" className={soft.soft}>
          {said}
        </p>
      ) : null}
    </div>
  )
}

function Delegate({
  wallet,
  isOwn,
  onSaid,
}: {
  wallet: Wallet
  isOwn: boolean
  onSaid: (said: string) => void
}) {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [isTried, setTried] = useState(false)
  const delegate = useDelegate(wallet)
  const id = useId()
  const account = typed.trim()
  const fault = !ADDRESS.test(account)
    ? text.invalid
    : sameAddress(account, wallet.address)
      ? text.yourself
      : null
  return (
    <Dialog
      open={open}
      busy={delegate.isPending}
      onOpenChange={(next) => {
        delegate.reset()
        setTried(false)
        setOpen(next)
      }}
      trigger={<Button look="quiet">{isOwn ? text.open : text.change}</Button>}
      title={text.title}
      description={<p>{text.lead}</p>}
    >
      <div className={styles.field}>
        <label htmlFor={id}>{text.account}</label>
        <input
          id={id}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          placeholder={text.hint}
          aria-invalid={isTried && fault ? true : undefined}
          aria-describedby={isTried && fault ? `${id}-fault` : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
        {isTried && fault ? (
          <p id={`${id}-fault`} className={styles.fault} role="alert">
            {fault}
          </p>
        ) : null}
      </div>
      {fault === null ? <p>{text.signs(short(account))}</p> : null}
      <Trouble error={delegate.error} title={text.failed} rejected={text.rejected} />
      <DialogActions>
        <DialogClose asChild>
          <Button busy={delegate.isPending}>{text.cancel}</Button>
        </DialogClose>
        <Button
          look="main"
          busy={delegate.isPending}
          onClick={() => {
            setTried(true)
            if (fault === null)
              delegate.mutate(account, {
                onSuccess: () => {
                  setOpen(false)
                  onSaid(text.done(short(account)))
                },
              })
          }}
        >
          {delegate.isPending ? text.busy : text.sign}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** Whose votes are with this account, apart from its own. */
export function Delegators({ address }: { address: string }) {
  const { data } = useDelegators(address)
  const items = data?.items ?? []
  if (items.length === 0) return null
  return (
    <div>
      <p className={soft.soft}>{data?.next ? text.many(DELEGATORS_SHOWN) : text.toYou(items.length)}</p>
      <ul className={soft.delegators}>
        {items.map(({ address: each, grain }) => (
          <li key={each}>
            <Account address={each} /> {amount(grain, GRAIN)}
          </li>
        ))}
      </ul>
    </div>
  )
}
