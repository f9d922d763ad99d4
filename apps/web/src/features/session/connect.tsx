import type { NetworkResource } from '@granary/protocol'
import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { short } from '../../lib/format.js'
import { connectDevelopment, developmentAccounts } from '../../wallet/development.js'
import { type Announced, icon } from '../../wallet/discovery.js'
import { connectInjected } from '../../wallet/injected.js'
import { useWallet } from '../../wallet/wallet.context.js'
import { type WalletError, walletError } from '../../wallet/wallet.js'
import { session as text } from './messages.js'
import styles from './session.module.css'

/** Choose a wallet: those that announced themselves and, on the embedded network only, the development wallet. */
export function Connect({ network }: { network: NetworkResource }) {
  const { announced, use } = useWallet()
  const connect = useMutation({ mutationFn: (wallet: Announced) => connectInjected(wallet) })
  const asked = connect.isPending ? connect.variables : null
  // Of several that were asked the last one counts: another may never answer, or late.
  const ask = (wallet: Announced) => {
    if (asked !== wallet) connect.mutate(wallet, { onSuccess: use })
  }
  return (
    <div className={styles.stack}>
      <div>
        <h2 className={styles.title}>{text.connectTitle}</h2>
        <p className={styles.soft}>{text.connectLead}</p>
      </div>
      {announced.length === 0 ? (
        <p className={styles.none}>
          {text.noWallet} {network.development ? text.noWalletDevelopment : text.noWalletHelp}
        </p>
      ) : (
        <ul className={styles.wallets}>
          {announced.map((wallet) => (
            <li key={wallet.info.uuid}>
              <button
                type="button"
                className={styles.wallet}
                aria-disabled={asked === wallet || undefined}
                onClick={() => ask(wallet)}
              >
                <WalletIcon wallet={wallet} />
                {wallet.info.name}
              </button>
            </li>
          ))}
        </ul>
      )}
      {asked ? (
        <p className={styles.soft} role="status">
          {text.asked(asked.info.name)}
        </p>
      ) : null}
      <Refusal error={connect.error} />
      {network.development ? <Development chainId={network.chainId} /> : null}
    </div>
  )
}

function WalletIcon({ wallet }: { wallet: Announced }) {
  const source = icon(wallet)
  return source ? (
    <img src={source} alt="" width="28" height="28" />
  ) : (
    <span className={styles.noIcon} aria-hidden="true" />
  )
}

function Development({ chainId }: { chainId: number }) {
  const { use } = useWallet()
  const [index, setIndex] = useState(0)
  const id = useId()
  const connect = useMutation({ mutationFn: () => connectDevelopment(index, chainId), onSuccess: use })
  return (
    <section className={styles.development} aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>{text.developmentTitle}</h3>
      <p>{text.developmentText}</p>
      <label htmlFor={`${id}-account`}>{text.developmentAccount}</label>
      <select id={`${id}-account`} value={index} onChange={(event) => setIndex(Number(event.target.value))}>
        {developmentAccounts().map((account) => (
          <option key={account.index} value={account.index}>
            {text.development[account.role](account.number)}, {short(account.address)}
          </option>
        ))}
      </select>
      <Button look="main" busy={connect.isPending} onClick={() => connect.mutate()}>
        {text.developmentUse}
      </Button>
    </section>
  )
}

/** Why a wallet or the API said no, in words. */
export function Refusal({ error }: { error: unknown }) {
  if (!error) return null
  const known = error as Partial<WalletError>
  if (known.code === 'WALLET_REJECTED') {
    return (
      <p className={styles.refusal} role="status">
        {text.rejected}
      </p>
    )
  }
  const message = known.code ? (known.message ?? '') : walletError(error).message
  return (
    <Notice tone="trouble" title={text.failed}>
      <p>{message}</p>
    </Notice>
  )
}
