import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '@granary/operation'
import { afterAll, describe, expect, it } from '@jest/globals'
import { loadConfig, loadReindexConfig, variables } from './config.js'

const folder = mkdtempSync(join(tmpdir(), 'granary-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const deployment = join(folder, 'deployment.json')
const address = (digit: string) => `0x${digit.repeat(40)}`
writeFileSync(
  deployment,
  JSON.stringify({
    version: 1,
    chainId: 31337,
    startBlock: 1,
    token: address('1'),
    datasetRegistry: address('2'),
    trainerRegistry: address('3'),
    custodianCommittee: address('4'),
    accessRequests: address('5'),
    rewardPool: address('6'),
    grainToken: address('7'),
    governor: address('8'),
    timelock: address('9'),
  }),
)
const enough = {
  DATABASE_URL: 'postgresql://localhost/granary',
  RPC_URL: 'http://localhost:8545',
  DEPLOYMENT: deployment,
  RELAYER_PRIVATE_KEY: `0x${'11'.repeat(32)}`,
}

function faultsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

describe('loadConfig', () => {
  it('reports every fault together', () => {
    const faults = faultsOf({ PORT: 'many', BLOCKSTORE: 'kubo' }).join('\n')
    for (const name of ['PORT', 'DATABASE_URL', 'RPC_URL', 'DEPLOYMENT', 'KUBO_URL', 'RELAYER_KEY_FILE'])
      expect(faults).toContain(name)
  })

  it('refuses in production what nobody asked for by name', () => {
    const faults = faultsOf({ ...enough, NODE_ENV: 'production' }).join('\n')
    expect(faults).toMatch(/BLOCKSTORE/)
    expect(faults).toMatch(/CONFIRMATIONS/)
    expect(faults).toMatch(/PUBLIC_URL/)
    const asked = { BLOCKSTORE: 'embedded', CONFIRMATIONS: '12', PUBLIC_URL: 'https://granary.example' }
    expect(faultsOf({ ...enough, ...asked, NODE_ENV: 'production' })).toEqual([])
  })

  it('takes the key from a file and refuses two sources', () => {
    const file = join(folder, 'key')
    writeFileSync(file, `0x${'22'.repeat(32)}\n`)
    const { RELAYER_PRIVATE_KEY: _, ...without } = enough
    expect(loadConfig({ ...without, RELAYER_KEY_FILE: file }).relayerKey).toBe(`0x${'22'.repeat(32)}`)
    expect(faultsOf({ ...enough, RELAYER_KEY_FILE: file })).toHaveLength(1)
  })

  it('is the same for a reindex, which needs neither the key nor the public URL, and takes neither', () => {
    const file = join(folder, 'away')
    const asked = {
      BLOCKSTORE: 'embedded',
      CONFIRMATIONS: '12',
      PUBLIC_URL: 'nonsense',
      NODE_ENV: 'production',
    }
    const { RELAYER_PRIVATE_KEY: key, ...without } = { ...enough, ...asked }
    expect(loadReindexConfig({ ...without, RELAYER_KEY_FILE: file }).CONFIRMATIONS).toBe(12)
    expect(loadReindexConfig({ ...without, RELAYER_PRIVATE_KEY: key }).relayerKey).not.toBe(key)
    expect(() => loadReindexConfig({ ...without, RPC_URL: '', PORT: 'many' })).toThrow(/PORT[\s\S]*RPC_URL/)
  })

  it('trusts nobody’s X-Forwarded-For, so many proxies, or the ones that are named', () => {
    const trusted = (TRUST_PROXY: string) => loadConfig({ ...enough, TRUST_PROXY }).TRUST_PROXY
    expect(trusted('0')).toBe(false)
    expect(trusted('2')).toBe(2)
    expect(trusted('10.0.0.1, fd00::/8')).toEqual(['10.0.0.1', 'fd00::/8'])
    for (const wrong of ['true', '10', '-1', '10.0.0.0/33', 'proxy.example', '10.0.0.1,'])
      expect(faultsOf({ ...enough, TRUST_PROXY: wrong })).toHaveLength(1)
  })

  it('lets custodians be anywhere private while developing, and nowhere but in public in production', () => {
    expect(loadConfig(enough).OUTGOING_ALLOW).toEqual(['loopback', 'private'])
    const asked = { BLOCKSTORE: 'embedded', CONFIRMATIONS: '12', PUBLIC_URL: 'https://granary.example' }
    const production = { ...enough, ...asked, NODE_ENV: 'production' }
    expect(loadConfig(production).OUTGOING_ALLOW).toEqual([])
    expect(loadConfig({ ...production, OUTGOING_ALLOW: '10.1.0.0/16' }).OUTGOING_ALLOW).toEqual([
      '10.1.0.0/16',
    ])
  })

  it('never repeats a secret in a fault', () => {
    expect(faultsOf({ ...enough, RELAYER_PRIVATE_KEY: '0xsecret' }).join()).not.toContain('secret')
  })

  it('has every variable in .env.example, with its default', () => {
    const lines = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8').split('\n')
    const listed = lines
      .map((line) => /^(?:# )?([A-Z][A-Z_]+)=(.*)$/.exec(line))
      .filter((match) => match !== null)
    expect(listed.map((match) => match[1]).sort()).toEqual(Object.keys(variables.shape).sort())
    const defaults = loadConfig(enough) as unknown as Record<string, unknown>
    for (const [line, name, value] of listed) {
      if (line.startsWith('#') || !name || name in enough || /_DIR$/.test(name)) continue
      expect([name, String(defaults[name]).replace('false', '0').replace('true', '1')]).toEqual([name, value])
    }
  })
})
