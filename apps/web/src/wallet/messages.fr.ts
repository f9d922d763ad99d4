import type { wallet } from './messages.js'

export default {
  wallet: { development: 'Portefeuille de développement' } satisfies typeof wallet,
}
