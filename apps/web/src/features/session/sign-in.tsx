import type { NetworkResource } from '@granary/protocol'
import { useMutation } from '@tanstack/react-query'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { short } from '../../lib/format.js'
import { otherAddress } from '../../lib/origin.js'
import { useWallet } from '../../wallet/wallet.context.js'
import type { Wallet } from '../../wallet/wallet.js'
import { Refusal } from './connect.js'
import { session as text } from './messages.js'
import styles from './session.module.css'
import { useSignIn, useSignInText } from './session.queries.js'

/** Shows the text that signs in, as the API made it, and has the wallet sign it. */
export function SignIn({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const { forget } = useWallet()
  const nonce = useSignInText(wallet.address)
  const signIn = useSignIn(wallet)
  const elsewhere = nonce.data ? otherAddress(nonce.data.message, location) : null
  const wrongChain = wallet.chainId !== network.chainId
  return (
    <div className={styles.stack}>
      <div>
        <h2 className={styles.title}>{text.signTitle}</h2>
        <p className={styles.soft}>{text.signLead}</p>
      </div>
      <p className={styles.account}>
        {wallet.name} <code title={wallet.address}>{short(wallet.address)}</code>
      </p>
      {wrongChain ? <WrongChain wallet={wallet} network={network} /> : null}
      {elsewhere ? (
        <Notice
          tone="attention"
          title={text.otherAddressTitle}
          action={
            <a className={styles.link} href={elsewhere}>
              {text.otherAddressAction}
            </a>
          }
        >
          {text.otherAddress(elsewhere)}
        </Notice>
      ) : null}
      {nonce.data ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls has to be reachable by keyboard
        <section className={styles.message} tabIndex={0} aria-label={text.signText}>
          {nonce.data.message}
        </section>
      ) : null}
      <Refusal error={signIn.error ?? nonce.error} />
      <div className={styles.actions}>
        <Button
          look="main"
          busy={signIn.isPending || !nonce.data || wrongChain || elsewhere !== null}
          onClick={() => nonce.data && signIn.mutate(nonce.data.message)}
        >
          {signIn.isPending ? text.signing : text.signAction(wallet.name)}
        </Button>
        <Button look="quiet" onClick={forget}>
          {text.otherWallet}
        </Button>
      </div>
    </div>
  )
}

/** Says that the wallet is set to another chain, and offers to change it. */
export function WrongChain({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const name = text.chainName(network.chainId, network.development)
  const change = useMutation({
    mutationFn: () =>
      wallet.changeChain({
        chainId: network.chainId,
        name: network.development ? 'Granary embedded network' : `Chain ${network.chainId}`,
        rpcUrl: network.rpcUrl,
      }),
  })
  return (
    <Notice
      tone="attention"
      title={text.chainTitle}
      action={
        <Button busy={change.isPending} onClick={() => change.mutate()}>
          {text.chainAction}
        </Button>
      }
    >
      <p>{text.chainText(name)}</p>
      <Refusal error={change.error} />
    </Notice>
  )
}
