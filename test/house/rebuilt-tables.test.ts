import { describe, expect, it } from '@jest/globals'
import { PLACES, REBUILT } from '../../apps/api/src/reindex/tables.js'
import { prismaSchema } from '../support/prisma-schema.js'

const schema = prismaSchema()
/** What the comment before each model says first. */
const said = [
  ...schema.matchAll(/^\/\/\/ (On chain|On IPFS|Only here)[\s\S]*?^model (\w+) \{\n([\s\S]*?)^\}/gm),
]
const models = [...schema.matchAll(/^model (\w+) /gm)].map(([, name]) => name!)

describe('what a reindex rebuilds', () => {
  it('is what prisma/*.prisma says is on chain or on IPFS, and nothing else', () => {
    expect(said.map(([, , name]) => name)).toEqual(models)
    const elsewhere = said.filter(([, where]) => where !== 'Only here').map(([, , name]) => name)
    const rebuilt = [...REBUILT, ...PLACES].map(({ name }) => name)
    expect(rebuilt.filter((name) => name !== 'Checkpoint').sort()).toEqual(elsewhere.sort())
  })

  it('leaves alone only columns that are there', () => {
    for (const { name, onlyHere } of REBUILT) {
      const [, , , body] = said.find(([, , model]) => model === name)!
      for (const column of onlyHere) expect(body).toMatch(new RegExp(`^ {2}${column} `, 'm'))
    }
  })
})
