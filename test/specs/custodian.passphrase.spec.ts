import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CustodyNetwork } from '../support/custody.js'
import {
  approvedTrainer,
  type Contributed,
  contribute,
  openRequest,
  type Person,
  person,
  release,
} from '../support/custody-actors.js'

const SECRET_FILES = ['secrets.json', 'epochs/1.json']
const PASSPHRASE = 'carol keeps the granary'

describe('a committee whose custodians have passphrases, or get one later', () => {
  let network: CustodyNetwork
  let trent: Person
  let file: Contributed
  let byFile: NodeJS.ProcessEnv
  let byDescriptor: NodeJS.ProcessEnv

  const read = (place: number, name: string) =>
    readFileSync(join(network.custodians[place]!.dir, name), 'latin1')
  const secretsOf = (place: number) => SECRET_FILES.map((name) => read(place, name))
  const isSealed = (text: string) => text.startsWith('age-encryption.org/v1\n')
  const opens = async (places: readonly number[]) => {
    const opened = await release(network, await openRequest(network, trent, [file]), places)
    expect(Buffer.compare(opened.get(file.id)!, file.plaintext)).toBe(0)
  }

  beforeAll(async () => {
    network = await CustodyNetwork.start()
    const passphraseFile = join(network.dir, 'passphrase')
    writeFileSync(passphraseFile, `${PASSPHRASE}\n`)
    byFile = { SECRETS_PASSPHRASE_FILE: passphraseFile, SECRETS_WORK_FACTOR: '10' }
    byDescriptor = {
      SECRETS_PASSPHRASE_FD: '4',
      SECRETS_WORK_FACTOR: '10',
      PASSPHRASE_ON_FD_4: `${PASSPHRASE}\n`,
    }
    await network.addCustodian(byFile)
    await network.addCustodian(byDescriptor)
    await network.addCustodian()
    await network.formCommittee(2)
    trent = await approvedTrainer(network)
    file = await contribute(network, await person())
  })
  afterAll(() => network.stop())

  it('generates its key and opens files; what the first two keep is encrypted', async () => {
    await opens([0, 1])
    for (const place of [0, 1]) expect(secretsOf(place).map(isSealed)).toEqual([true, true])
    expect(secretsOf(2).map(isSealed)).toEqual([false, false])
  })

  it('opens files after a restart, with the passphrase by the other way', async () => {
    const before = network.custodians.map(({ address }) => address)
    await network.restart(0, byDescriptor)
    await network.restart(1, byFile)
    expect(network.custodians.map(({ address }) => address)).toEqual(before)
    await opens([0, 1])
  })

  it('encrypts a folder that lay open, and nothing in it tells the old secrets', async () => {
    const { privateKey, identity } = JSON.parse(read(2, 'secrets.json'))
    const { secret } = JSON.parse(read(2, 'epochs/1.json')).shares[0]
    await network.restart(2, byFile)
    expect(secretsOf(2).map(isSealed)).toEqual([true, true])
    const { dir } = network.custodians[2]!
    for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
      if (!statSync(join(dir, name)).isFile()) continue
      for (const told of [privateKey.slice(2), identity, secret.slice(2)])
        expect([name, read(2, name).includes(told)]).toEqual([name, false])
    }
    await opens([2, 0])
  })

  describe('does not start, and changes nothing,', () => {
    let before: string[]
    const refusal = (environment: NodeJS.ProcessEnv) =>
      network.restart(2, environment).then(
        () => 'it started',
        (error: Error) => /^([A-Z_]+): /m.exec(error.message)?.[1] ?? error.message,
      )
    beforeAll(() => {
      before = secretsOf(2)
    })
    afterAll(async () => {
      expect(secretsOf(2)).toEqual(before)
      await network.restart(2, byFile)
      await opens([2, 1])
    })

    it('with a wrong passphrase', async () => {
      expect(await refusal({ ...byDescriptor, PASSPHRASE_ON_FD_4: 'something else\n' })).toBe(
        'PASSPHRASE_WRONG',
      )
    })
    it('without a passphrase', async () => {
      expect(await refusal({})).toBe('PASSPHRASE_MISSING')
    })
    it('with an empty one or one that cannot be read', async () => {
      expect(await refusal({ ...byDescriptor, PASSPHRASE_ON_FD_4: '\n' })).toBe('PASSPHRASE_UNREADABLE')
      const nowhere = { ...byFile, SECRETS_PASSPHRASE_FILE: join(network.dir, 'nowhere') }
      expect(await refusal(nowhere)).toBe('PASSPHRASE_UNREADABLE')
    })
  })

  it('logs neither passphrase nor secrets', () => {
    const said = network.custodians.map((custodian) => custodian.logged()).join('')
    expect(said).not.toContain(PASSPHRASE)
    expect(said).not.toContain('AGE-SECRET-KEY-1')
  })
})
