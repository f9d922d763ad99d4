import { texts } from '../lib/language.js'

export const wallet = texts('wallet', {
  development: 'Development wallet',
})
