import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { accessRequestsAbi, datasetRegistryAbi, rewardPoolAbi, testTokenAbi } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Contract, HDNodeWallet, JsonRpcProvider, NonceManager, parseEther, Wallet } from 'ethers'
import { anvilBinary } from './anvil.js'
import { deploy } from './deploy.js'
import { readDeployment, writeDeployment } from './deployment-file.js'
import { createPools } from './pools.js'
import { mintTestTokens } from './tokens.js'

const MNEMONIC = 'test test test test test test test test test test test junk'
const TERMS = `0x${'11'.repeat(32)}` as const
const FEES = { treasuryBps: 500, custodiansBps: 1000 }

let anvil: ChildProcess
let provider: JsonRpcProvider
const account = (index: number) =>
  HDNodeWallet.fromPhrase(MNEMONIC, '', `m/44'/60'/0'/0/${index}`).connect(provider)

beforeAll(async () => {
  anvil = spawn(anvilBinary(), ['--port', '0', '--mnemonic', MNEMONIC], {
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

describe('deploy', () => {
  it('sends nothing when pools are asked for by somebody who is not the owner', async () => {
    const [council, mallory] = [account(0), account(9)]
    const asked = deploy({
      signer: mallory,
      owner: council.address,
      treasury: council.address,
      guardian: council.address,
      fees: FEES,
      window: 60,
      claimDelay: 0,
      pools: [{ terms: TERMS, lowestPrice: 1n, price: 1n }],
    })
    await expect(asked).rejects.toMatchObject({ code: 'OWNER_NEEDED' })
    expect(await provider.getTransactionCount(mallory.address)).toBe(0)
  })

  it('gives the council a whole network with a test token and pool 1', async () => {
    const council = account(0)
    const deployment = await deploy({
      signer: council,
      owner: council.address,
      treasury: account(2).address,
      guardian: account(3).address,
      fees: FEES,
      window: 60,
      claimDelay: 0,
      pools: [{ terms: TERMS, lowestPrice: parseEther('1'), price: parseEther('2') }],
    })
    expect(deployment).toMatchObject({ version: 1, chainId: 31337, startBlock: 1 })
    const read = (
      address: string,
      abi: typeof rewardPoolAbi | typeof accessRequestsAbi | typeof datasetRegistryAbi,
    ) => new Contract(address, abi, provider)
    expect(await read(deployment.rewardPool, rewardPoolAbi).getFunction('requests')()).toBe(
      deployment.accessRequests,
    )
    expect(await read(deployment.rewardPool, rewardPoolAbi).getFunction('treasury')()).toBe(
      account(2).address,
    )
    expect(await read(deployment.accessRequests, accessRequestsAbi).getFunction('fees')()).toEqual([
      500n,
      1000n,
    ])
    const pool = await read(deployment.datasetRegistry, datasetRegistryAbi).getFunction('pool')(1)
    expect([pool.terms, pool.lowestPrice, pool.price, pool.closed]).toEqual([
      TERMS,
      parseEther('1'),
      parseEther('2'),
      false,
    ])

    const trent = account(4).address
    await mintTestTokens({ signer: council, deployment, accounts: [trent], amount: parseEther('1000000') })
    expect(await new Contract(deployment.token, testTokenAbi, provider).getFunction('balanceOf')(trent)).toBe(
      parseEther('1000000'),
    )
  })

  it('gives every role to an owner who did not deploy and accepted nothing, with a token that is there', async () => {
    const [council, deployer] = [account(0), new NonceManager(account(8))]
    const token = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
    const deployment = await deploy({
      signer: deployer,
      owner: council.address,
      treasury: council.address,
      guardian: council.address,
      token,
      fees: FEES,
      window: 604_800,
      claimDelay: 86_400,
    })
    expect(deployment.token).toBe(token)
    for (const name of ['datasetRegistry', 'accessRequests', 'rewardPool'] as const) {
      expect(await new Contract(deployment[name], datasetRegistryAbi, provider).getFunction('owner')()).toBe(
        council.address,
      )
    }
    const pools = [{ terms: TERMS, lowestPrice: 1n, price: 1n }]
    await expect(createPools({ signer: deployer, deployment, pools })).rejects.toThrow()
    expect(await createPools({ signer: council, deployment, pools })).toEqual([1])
  })

  it('gives the same addresses to the same deployer on another chain', async () => {
    const signer = Wallet.createRandom().connect(provider)
    await (await account(0).sendTransaction({ to: signer.address, value: parseEther('1') })).wait()
    const options = {
      signer,
      owner: signer.address,
      treasury: signer.address,
      guardian: signer.address,
      fees: FEES,
    }
    const snapshot = await provider.send('evm_snapshot', [])
    const first = await deploy({ ...options, window: 60, claimDelay: 0 })
    await provider.send('evm_revert', [snapshot])
    expect(await deploy({ ...options, window: 60, claimDelay: 0 })).toEqual(first)
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

const ADDRESSES = {
  token: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  datasetRegistry: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  trainerRegistry: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  custodianCommittee: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  accessRequests: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  rewardPool: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
} as const
