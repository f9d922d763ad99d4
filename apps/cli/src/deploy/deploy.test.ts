import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { CONTRACT_ABIS, DEVELOPMENT_MNEMONIC, type Deployment, typeString } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Contract, HDNodeWallet, id, JsonRpcProvider, NonceManager, parseEther, Wallet } from 'ethers'
import { anvilBinary } from './anvil.js'
import { type DeployOptions, deploy } from './deploy.js'
import { readDeployment, writeDeployment } from './deployment-file.js'
import { checkBeginning, checkHandover, handOver } from './handover.js'
import { createPools } from './pools.js'
import { callAsTimelock, encodeCalls, NO_PREDECESSOR } from './set-up.js'
import { mintTestTokens } from './tokens.js'

const TERMS = `0x${'11'.repeat(32)}` as const
const FEES = { treasuryBps: 500, custodiansBps: 1000 }

let anvil: ChildProcess
let provider: JsonRpcProvider
const account = (index: number) =>
  HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, '', `m/44'/60'/0'/0/${index}`).connect(provider)

beforeAll(async () => {
  anvil = spawn(anvilBinary(), ['--port', '0', '--mnemonic', DEVELOPMENT_MNEMONIC], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<string>((resolve, reject) => {
    anvil.once('exit', (code) => reject(new Error(`anvil ended with ${code}`)))
    createInterface({ input: anvil.stdout! }).on('line', (line) => {
      const found = /Listening on 127\.0\.0\.1:(\d+)/.exec(line)
      if (found) resolve(found[1]!)
    })
  })
  provider = new JsonRpcProvider(`http://127.0.0.1:${port}`, undefined, {
    cacheTimeout: -1,
    pollingInterval: 50,
  })
})

afterAll(async () => {
  provider.destroy()
  const ended = new Promise((resolve) => anvil.once('exit', resolve))
  anvil.kill('SIGTERM')
  await ended
})

const GOVERNANCE = { votingDelay: 1, votingPeriod: 10, threshold: 1n, quorumPercent: 4, quorumMinimum: 1n }
const POOL = { terms: TERMS, lowestPrice: parseEther('1'), price: parseEther('2') }

const terms = (signer: DeployOptions['signer'], others: Partial<DeployOptions> = {}): DeployOptions => ({
  signer,
  council: account(0).address,
  guardian: account(3).address,
  fees: FEES,
  window: 60,
  claimDelay: 0,
  governance: GOVERNANCE,
  ...others,
})

const read = (deployment: Deployment, name: keyof typeof CONTRACT_ABIS, method: string, ...args: unknown[]) =>
  new Contract(deployment[name], CONTRACT_ABIS[name], provider).getFunction(method)(...args)

describe('deploy', () => {
  it('puts everything on the chain, owned by the Timelock, with the parameters that were asked for', async () => {
    const council = account(0)
    const deployment = await deploy(terms(council, { pools: [POOL] }))
    expect(deployment).toMatchObject({ version: 1, chainId: 31337, startBlock: 1 })
    expect(await read(deployment, 'rewardPool', 'requests')).toBe(deployment.accessRequests)
    expect(await read(deployment, 'rewardPool', 'treasury')).toBe(deployment.timelock)
    expect(await read(deployment, 'rewardPool', 'guardian')).toBe(account(3).address)
    expect(await read(deployment, 'accessRequests', 'fees')).toEqual([500n, 1000n])
    expect(await read(deployment, 'trainerRegistry', 'isCouncil', council.address)).toBe(true)
    expect(await read(deployment, 'governor', 'votingPeriod')).toBe(10n)
    expect(await read(deployment, 'grainToken', 'rewards')).toBe(deployment.rewardPool)
    expect(await read(deployment, 'governor', 'BALLOT_TYPEHASH')).toBe(id(typeString('Ballot')))
    const pool = await read(deployment, 'datasetRegistry', 'pool', 1)
    expect([pool.terms, pool.lowestPrice, pool.price, pool.closed]).toEqual([
      TERMS,
      POOL.lowestPrice,
      POOL.price,
      false,
    ])

    const trent = account(4).address
    await mintTestTokens({ signer: council, deployment, accounts: [trent], amount: parseEther('1000000') })
    expect(await read(deployment, 'token', 'balanceOf', trent)).toBe(parseEther('1000000'))
  })

  it('takes a token that is there, and another treasury', async () => {
    const token = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
    const signer = new NonceManager(account(8))
    const deployment = await deploy(terms(signer, { token, treasury: account(2).address }))
    expect(deployment.token).toBe(token)
    expect(await read(deployment, 'rewardPool', 'treasury')).toBe(account(2).address)
    expect(await checkHandover(provider, deployment)).toContainEqual(expect.stringContaining('treasury'))
  })

  it('gives the same addresses to the same deployer on another chain', async () => {
    const signer = Wallet.createRandom().connect(provider)
    await (await account(0).sendTransaction({ to: signer.address, value: parseEther('1') })).wait()
    const snapshot = await provider.send('evm_snapshot', [])
    const first = await deploy(terms(signer))
    await provider.send('evm_revert', [snapshot])
    expect(await deploy(terms(signer))).toEqual(first)
  })

  it('writes a file that reads back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'granary-deploy-'))
    const file = join(folder, 'deployments/31337.json')
    expect(() => readDeployment(file)).toThrow(expect.objectContaining({ code: 'DEPLOYMENT_MISSING' }))
    const deployment = { version: 1 as const, chainId: 31337, startBlock: 1, ...ADDRESSES }
    writeDeployment(file, deployment)
    expect(readDeployment(file)).toEqual(deployment)
    rmSync(folder, { recursive: true })
  })
})

describe('the hand-over', () => {
  const call = { contract: 'datasetRegistry', method: 'createPool', args: [TERMS, 1n, 1n] } as const

  it('is not made by anybody else, who cannot act for the DAO before or after', async () => {
    const [deployer, mallory] = [new NonceManager(account(7)), new NonceManager(account(9))]
    const deployment = await deploy(terms(deployer))
    const before = await provider.getTransactionCount(account(9).address)
    for (const attempt of [
      () => callAsTimelock(mallory, deployment, [call]),
      () => createPools({ signer: mallory, deployment, pools: [POOL] }),
      () => handOver(mallory, deployment, 5),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'OWNER_NEEDED' })
    }
    expect(await provider.getTransactionCount(account(9).address)).toBe(before)
    expect(await checkHandover(provider, deployment)).not.toEqual([])
  })

  it('would be too early without a pool and a committee', async () => {
    const lacks = [expect.stringContaining('no pool'), expect.stringContaining('no committee')]
    const deployer = new NonceManager(account(7))
    expect(await checkBeginning(provider, await deploy(terms(deployer)))).toEqual(lacks)
    const deployment = await deploy(terms(deployer, { pools: [POOL] }))
    expect(await checkBeginning(provider, deployment)).toEqual(lacks.slice(1))
  })

  it('leaves the deployer nothing, once and for good', async () => {
    const deployer = new NonceManager(account(7))
    const deployment = await deploy(terms(deployer, { pools: [POOL] }))
    expect(await createPools({ signer: deployer, deployment, pools: [POOL, POOL] })).toEqual([2, 3])
    expect(await handOver(deployer, deployment, 5)).toBe(true)
    expect(await checkHandover(provider, deployment)).toEqual([])
    expect(await handOver(deployer, deployment, 0)).toBe(false)
    expect(await read(deployment, 'timelock', 'getMinDelay')).toBe(5n)
    await expect(callAsTimelock(deployer, deployment, [call])).rejects.toMatchObject({ code: 'OWNER_NEEDED' })
    for (const role of ['PROPOSER_ROLE', 'CANCELLER_ROLE', 'DEFAULT_ADMIN_ROLE']) {
      const held = await read(
        deployment,
        'timelock',
        'hasRole',
        await read(deployment, 'timelock', role),
        account(7).address,
      )
      expect(held).toBe(false)
    }
  })

  it('is told from one that left an operation behind', async () => {
    const deployer = new NonceManager(account(7))
    const deployment = await deploy(terms(deployer))
    const timelock = new Contract(deployment.timelock, CONTRACT_ABIS.timelock, deployer)
    const { targets, values, payloads } = encodeCalls(deployment, [call])
    const salt = `0x${'ab'.repeat(32)}`
    await (
      await timelock.getFunction('scheduleBatch')(targets, values, payloads, NO_PREDECESSOR, salt, 1)
    ).wait()
    await handOver(deployer, deployment, 5)
    expect(await checkHandover(provider, deployment)).toEqual([expect.stringContaining('never executed')])
  })
})

const ADDRESSES = {
  token: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  datasetRegistry: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  trainerRegistry: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  custodianCommittee: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  accessRequests: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  rewardPool: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  grainToken: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  governor: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  timelock: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
} as const
