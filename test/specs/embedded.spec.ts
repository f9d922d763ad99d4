import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createClient } from '@granary/sdk'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type EventLog, parseEther, Wallet, ZeroAddress } from 'ethers'
import { StartFailed, sharedWorld, startNetwork, type World } from '../support/world.js'

const GRANARY = join(import.meta.dirname, '../../apps/cli/bin/granary.js')

let world: World
beforeAll(() => {
  world = sharedWorld()
})
afterAll(() => world.close())

interface Program {
  name: string
  command: string
}

interface Account {
  role: string
  address: string
  privateKey: string
}

async function accounts(): Promise<Account[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [GRANARY, 'accounts', '--json'])
  return JSON.parse(stdout)
}

describe('granary up', () => {
  it('refuses a second start on a live directory', async () => {
    const second = startNetwork({ dir: world.facts.dataDir })
    await expect(second).rejects.toMatchObject({ exitCode: 1, code: 'NETWORK_RUNNING' })
  })

  it('refuses a port that somebody else uses', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'granary-port-'))
    try {
      const other = startNetwork({ dir, args: ['--port', String(world.facts.ports.api)] })
      await expect(other).rejects.toMatchObject({ exitCode: 1, code: 'PORT_TAKEN' })
      expect(readdirSync(dir)).not.toContain('lock')
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  it('refuses a port that is none', async () => {
    const start = startNetwork({ args: ['--port', '99999'] })
    await expect(start).rejects.toBeInstanceOf(StartFailed)
    await expect(start).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('refuses a directory that another version wrote, and leaves it as it was', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'granary-old-'))
    const { governor: _, ...older } = world.deployment
    const written = JSON.stringify(older)
    writeFileSync(join(dir, 'deployment.json'), written)
    try {
      const start = startNetwork({ dir, args: ['--port', '0'] })
      await expect(start).rejects.toMatchObject({ exitCode: 1, code: 'NETWORK_FILE_INVALID' })
      expect(readFileSync(join(dir, 'deployment.json'), 'utf8')).toBe(written)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  it('keeps its directory and its secrets to the user', () => {
    const mode = (file: string) => statSync(file).mode & 0o777
    expect(mode(world.facts.dataDir)).toBe(0o700)
    for (const { dir } of world.facts.custodians) {
      expect(mode(dir)).toBe(0o700)
      const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      )
      expect(files.length).toBeGreaterThan(0)
      for (const file of files) {
        // A custodian replaces files at its own time: a draft may be gone by now.
        const found = statSync(join(file.parentPath, file.name), { throwIfNoEntry: false })
        if (found) expect(found.mode & 0o077).toBe(0)
      }
    }
  })

  it('runs seven processes, each with its log, and writes down where they are', () => {
    const network = JSON.parse(readFileSync(join(world.facts.dataDir, 'network.json'), 'utf8'))
    const names = ['up', 'chain', 'database', 'custodian1', 'custodian2', 'custodian3', 'api']
    expect(Object.keys(network.pids).sort()).toEqual([...names].sort())
    expect(new Set(Object.values(network.pids)).size).toBe(7)
    for (const name of names.slice(1))
      expect(existsSync(join(world.facts.dataDir, 'logs', `${name}.log`))).toBe(true)
  })

  it('runs its programs on the Node that started it, all but the chain', () => {
    const { owner, children } = JSON.parse(readFileSync(join(world.facts.dataDir, 'lock'), 'utf8'))
    const programs: Program[] = [owner, ...children].filter(({ name }) => name !== 'chain')
    expect(programs).toHaveLength(6)
    const elsewhere = programs.filter(({ command }) => !command.startsWith(`${process.execPath} `))
    expect(elsewhere).toEqual([])
  })

  it('has a committee of three that made its key itself, two of which are enough', async () => {
    const epoch = await world.contract('custodianCommittee').getFunction('epoch')(1)
    expect(epoch.active).toBe(true)
    expect(Number(epoch.threshold)).toBe(2)
    expect(epoch.members.map(({ endpoint }: { endpoint: string }) => endpoint)).toEqual(
      world.facts.custodians.map(({ endpoint }) => endpoint),
    )
    // The SDK refuses a committee whose verifying shares do not lie on one polynomial through the group key.
    const facts = await createClient({ api: world.api, rpc: world.rpc }).network()
    expect(facts.committee).toMatchObject({ epoch: 1, threshold: 2, groupKey: epoch.groupKey })
  })

  it('has pool 1, open, at a price above zero, whose terms can be read', async () => {
    const pool = await createClient({ api: world.api }).pools.get(1)
    expect(pool.closed).toBe(false)
    expect(BigInt(pool.price)).toBeGreaterThan(0n)
    expect(pool.title).not.toBeNull()
  })

  it('serves the web app', async () => {
    const page = await fetch(world.api)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
  })
})

describe('granary accounts', () => {
  it('lists the development accounts with their roles and keys', async () => {
    const list = await accounts()
    for (const { address, privateKey } of list) expect(new Wallet(privateKey).address).toBe(address)
    const roles = new Set(list.map(({ role }) => role))
    expect([...roles].sort()).toEqual(['contributor', 'council', 'guardian', 'operator', 'trainer'])
  })

  it('lists accounts that were funded: ETH for all, a million test tokens for trainers', async () => {
    const token = world.contract('token')
    for (const { role, address } of await accounts()) {
      expect(await world.provider.getBalance(address)).toBeGreaterThan(parseEther('1'))
      const minted = await token.queryFilter(token.filters.Transfer!(ZeroAddress, address))
      const total = minted.reduce((sum, event) => sum + (event as EventLog).args.value, 0n)
      expect(total).toBe(role === 'trainer' ? parseEther('1000000') : 0n)
    }
  })
})
