import { useQuery } from '@tanstack/react-query'
import { short } from '../lib/format.js'
import { hasNames, nameOf } from '../wallet/ens.js'
import { useWallet } from '../wallet/wallet.context.js'
import styles from './account.module.css'

/** The name of an account where the wallet's chain has names (ENS); null until it is known, and where there is none. */
function useName(address: string): string | null {
  const { wallet } = useWallet()
  const chain = wallet?.chain ?? null
  const always = { staleTime: Number.POSITIVE_INFINITY, retry: false }
  const names = useQuery({
    queryKey: ['ens', wallet?.key, wallet?.chainId],
    queryFn: () => hasNames(chain!),
    enabled: chain !== null,
    ...always,
  })
  const name = useQuery({
    queryKey: ['ens', wallet?.key, wallet?.chainId, address.toLowerCase()],
    queryFn: () => nameOf(chain!, wallet!.chainId, address),
    enabled: names.data === true,
    ...always,
  })
  return name.data ?? null
}

/** An account: its name, where it has one, and always its address, short, the whole of it at hand. */
export function Account({ address, className }: { address: string; className?: string | undefined }) {
  const name = useName(address)
  const code = (
    <code className={className} title={address}>
      {short(address)}
    </code>
  )
  if (name === null) return code
  return (
    <>
      <span className={styles.name} translate="no">
        {name}
      </span>{' '}
      {code}
    </>
  )
}
