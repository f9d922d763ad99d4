import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { expect, it } from '@jest/globals'
import { developmentAccounts } from './development.js'

it.each(['contributor', 'trainer', 'council'] as const)(
  'the development accounts of a %s that the page shows are those whose keys it derives',
  (role) => {
    const derived = DEVELOPMENT_ACCOUNTS().filter((account) => account.role === role)
    const shown = developmentAccounts().filter((account) => account.role === role)
    expect(shown.map(({ address }) => address)).toEqual(derived.map(({ address }) => address))
    expect(shown.map(({ number }) => number)).toEqual(derived.map((_, number) => number))
  },
)
