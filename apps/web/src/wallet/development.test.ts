import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { expect, it } from '@jest/globals'
import { developmentAccounts } from './development.js'

it('the development accounts that the page shows are those whose keys it derives', async () => {
  const derived = DEVELOPMENT_ACCOUNTS().filter(({ role }) => role === 'contributor')
  const shown = derived.map(({ address }, index) => ({ index, address }))
  expect(await developmentAccounts()).toEqual(shown)
})
