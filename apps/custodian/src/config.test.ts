import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CONTRACT_ABIS } from '@granary/protocol'
import { afterAll, describe, expect, it } from '@jest/globals'
import { readConfig } from './config.js'

const folder = mkdtempSync(join(tmpdir(), 'granary-custodian-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const deployment = join(folder, 'deployment.json')
const contracts = Object.keys(CONTRACT_ABIS).map((name, i) => [name, `0x${String(i + 1).repeat(40)}`])
writeFileSync(
  deployment,
  JSON.stringify({ version: 1, chainId: 31337, startBlock: 1, ...Object.fromEntries(contracts) }),
)

const LEAST = {
  GRANARY_CUSTODIAN_DIR: '/var/lib/granary',
  RPC_URLS: 'http://127.0.0.1:8545/',
  DEPLOYMENT: deployment,
  GATEWAYS: 'http://127.0.0.1:4280, https://gateway.example/',
}
const faults = (env: NodeJS.ProcessEnv) => {
  try {
    readConfig(env)
  } catch (error) {
    return (error as { code: string; message: string }).message
  }
  return ''
}

describe('the configuration', () => {
  it('needs four variables on the embedded network', () => {
    expect(readConfig({ ...LEAST, PORT: '' })).toMatchObject({
      rpcUrls: ['http://127.0.0.1:8545'],
      gateways: ['http://127.0.0.1:4280', 'https://gateway.example'],
      confirmations: 0,
      rpcQuorum: 1,
      port: 0,
      receiptMaxAgeSeconds: 600,
    })
  })

  it('takes one way to the passphrase, and no cheap stretching of it in production', () => {
    const production = {
      NODE_ENV: 'production',
      CONFIRMATIONS: '1',
      ENDPOINT: 'https://c.example',
      PORT: '1',
    }
    const byFile = { ...LEAST, SECRETS_PASSPHRASE_FILE: '/run/secrets/passphrase' }
    expect(readConfig(byFile)).toMatchObject({ passphraseFile: '/run/secrets/passphrase', workFactor: 18 })
    expect(readConfig({ ...LEAST, SECRETS_PASSPHRASE_FD: '3' })).toMatchObject({ passphraseFd: 3 })
    expect(faults({ ...byFile, SECRETS_PASSPHRASE_FD: '3' })).toContain('SECRETS_PASSPHRASE_FD')
    expect(faults({ ...LEAST, SECRETS_PASSPHRASE_FD: '1' })).toContain('SECRETS_PASSPHRASE_FD')
    expect(faults({ ...byFile, ...production })).toBe('')
    for (const factor of ['9', '21']) {
      expect(faults({ ...byFile, SECRETS_WORK_FACTOR: factor })).toContain('SECRETS_WORK_FACTOR')
    }
    expect(faults({ ...byFile, ...production, SECRETS_WORK_FACTOR: '17' })).toContain('SECRETS_WORK_FACTOR')
  })

  it('tells all faults together', () => {
    const told = faults({
      ...LEAST,
      GATEWAYS: 'ftp://x',
      CONFIRMATIONS: 'soon',
      PORT: '70000',
      LOG_LEVEL: 'loud',
    })
    for (const name of ['GATEWAYS', 'CONFIRMATIONS', 'PORT', 'LOG_LEVEL']) expect(told).toContain(name)
  })

  it('tells what one variable asks of another, and of a file, beside what is wrong by itself', () => {
    const told = faults({
      NODE_ENV: 'production',
      RPC_URLS: 'http://a,http://b',
      SECRETS_PASSPHRASE_FILE: '/run/secrets/passphrase',
      SECRETS_PASSPHRASE_FD: '1',
      SECRETS_WORK_FACTOR: '17',
      DEPLOYMENT: join(folder, 'elsewhere.json'),
      GATEWAYS: 'ftp://x',
      CONFIRMATIONS: 'soon',
    })
    const lines = told.split('\n').slice(1)
    expect(lines.map((line) => line.trim().split(/[:.]/)[0]).sort()).toEqual([
      'CONFIRMATIONS',
      'DEPLOYMENT',
      'ENDPOINT',
      'GATEWAYS',
      'GRANARY_CUSTODIAN_DIR',
      'PORT',
      'RPC_QUORUM',
      'SECRETS_PASSPHRASE_FD',
      'SECRETS_PASSPHRASE_FD',
      'SECRETS_WORK_FACTOR',
    ])
    writeFileSync(join(folder, 'torn.json'), '{"version": 1')
    expect(faults({ ...LEAST, DEPLOYMENT: join(folder, 'torn.json') })).toContain(
      'DEPLOYMENT: the deployment is',
    )
  })

  it('guesses neither confirmations nor endpoint in production', () => {
    const told = faults({ ...LEAST, NODE_ENV: 'production' })
    for (const name of ['CONFIRMATIONS', 'ENDPOINT', 'PORT']) expect(told).toContain(`${name}: must be given`)
    const whole = {
      ...LEAST,
      NODE_ENV: 'production',
      CONFIRMATIONS: 'finalized',
      ENDPOINT: 'https://c.example',
      PORT: '1',
    }
    expect(readConfig(whole).confirmations).toBe('finalized')
  })

  it('wants a majority of the endpoints to agree, and no receipt to count for more than ten minutes', () => {
    const three = { ...LEAST, RPC_URLS: 'http://a,http://b,http://c' }
    expect(faults(three)).toContain('RPC_QUORUM: must be a majority')
    expect(faults({ ...three, RPC_QUORUM: '4' })).toContain('cannot exceed')
    expect(readConfig({ ...three, RPC_QUORUM: '2' }).rpcQuorum).toBe(2)
    expect(faults({ ...LEAST, RECEIPT_MAX_AGE_SECONDS: '601' })).toContain('RECEIPT_MAX_AGE_SECONDS')
  })
})
