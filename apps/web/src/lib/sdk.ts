// The SDK, ethers and everything behind them are loaded here, the first time something has to be signed.
import type { Granary } from '@granary/sdk'
import type { Wallet } from '../wallet/wallet.js'

/**
 * The deployments this page was built with: contract addresses come from here, not from the API. A local development
 * network needs none.
 */
const deployments = import.meta.glob<{ chainId: number }>('../../../../deployments/*.json', {
  import: 'default',
})

const clients = new WeakMap<Wallet, Promise<Granary>>()

/** The client of the signed-in wallet: the session is the browser's cookie, signatures are the wallet's. */
export function granary(wallet: Wallet): Promise<Granary> {
  const known = clients.get(wallet)
  if (known) return known
  const made = make(wallet)
  clients.set(wallet, made)
  made.catch(() => clients.delete(wallet))
  return made
}

async function make(wallet: Wallet): Promise<Granary> {
  const [{ createClient, parseDeployment }, signer] = await Promise.all([loadSdk(), wallet.signer()])
  const file = deployments[`../../../../deployments/${wallet.chainId}.json`]
  const deployment = file ? parseDeployment(await file()) : undefined
  return createClient({ api: location.origin, session: 'cookie', signer, deployment, elsewhere })
}

/** The page calls its own server only, which passes questions on to the custodians; its policy would refuse anybody else. */
async function elsewhere(): Promise<never> {
  throw new TypeError('this page calls its own server only')
}

async function loadSdk() {
  const [{ createClient }, { parseDeployment }] = await Promise.all([
    import('@granary/sdk'),
    import('@granary/protocol'),
  ])
  return { createClient, parseDeployment }
}
