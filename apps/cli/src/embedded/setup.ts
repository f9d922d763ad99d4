import { existsSync } from 'node:fs'
import { DEVELOPMENT_ACCOUNTS, type Deployment } from '@granary/protocol'
import { NonceManager, type Provider, parseEther, Wallet } from 'ethers'
import { formCommittee } from '../deploy/committee.js'
import { deploy, type GovernanceTerms } from '../deploy/deploy.js'
import { readDeployment, writeDeployment } from '../deploy/deployment-file.js'
import { handOver } from '../deploy/handover.js'
import { mintTestTokens } from '../deploy/tokens.js'
import { CliError } from '../output.js'
import { firstPool } from './first-pool.js'
import { type Layout, THRESHOLD } from './layout.js'
import type { RealServices } from './real-services.js'

const FEES = { treasuryBps: 500, custodiansBps: 1_000 }
/** how long after its expiry a request may still be settled: short, so that refunds can be tried out */
export const WINDOW_SECONDS = 60
/** so short that a proposal can be carried through in a minute */
const GOVERNANCE: GovernanceTerms = {
  votingDelay: 1,
  votingPeriod: 20,
  threshold: parseEther('0.1'),
  quorumPercent: 4,
  quorumMinimum: parseEther('0.2'),
}
const TIMELOCK_SECONDS = 5
const TRAINER_TOKENS = parseEther('1000000')
/** what each custodian's wallet gets for the gas of confirmations and settlements */
const CUSTODIAN_FUND = parseEther('100')

type Say = (line: string) => void

const accountsOf = (role: string) =>
  DEVELOPMENT_ACCOUNTS()
    .filter((account) => account.role === role)
    .map(({ address }) => address)

function council(provider: Provider): NonceManager {
  const { privateKey } = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'council')!
  return new NonceManager(new Wallet(privateKey, provider))
}

interface DeploymentSetup {
  layout: Layout
  services: RealServices
  /** seconds for which a settlement is pending; only a new network takes it */
  claimDelay: number
  provider: Provider
  say: Say
}

/**
 * The contracts on the chain: those of an earlier start, else deployed now, with pool 1 and test tokens for the
 * trainers. A chain that was killed before it saved them is begun again.
 */
export async function ensureDeployment({
  layout,
  services,
  claimDelay,
  provider,
  say,
}: DeploymentSetup): Promise<Deployment> {
  if (existsSync(layout.deployment)) {
    const known = knownDeployment(layout)
    if (await isOnChain(known, provider)) return known
  }
  const signer = council(provider)
  const deployment = await deploy({
    signer,
    council: await signer.getAddress(),
    guardian: accountsOf('guardian')[0]!,
    fees: FEES,
    window: WINDOW_SECONDS,
    claimDelay,
    governance: GOVERNANCE,
    pools: [await firstPool({ folder: layout.blocks, kubo: services.kubo })],
  })
  await mintTestTokens({ signer, deployment, accounts: accountsOf('trainer'), amount: TRAINER_TOKENS })
  writeDeployment(layout.deployment, deployment)
  say('contracts deployed; pool 1 is open; trainers have test tokens')
  return deployment
}

/** @throws CliError NETWORK_FILE_INVALID when an earlier version deployed other contracts */
function knownDeployment(layout: Layout): Deployment {
  try {
    return readDeployment(layout.deployment)
  } catch (error) {
    throw new CliError(
      'NETWORK_FILE_INVALID',
      `${layout.dir} holds a network of another version: start a new one with --data DIR, or move the folder away (${(error as Error).message})`,
    )
  }
}

async function isOnChain(deployment: Deployment, provider: Provider): Promise<boolean> {
  const { version: _, chainId: __, startBlock: ___, ...contracts } = deployment
  const codes = await Promise.all(Object.values(contracts).map((address) => provider.getCode(address)))
  return codes.every((code) => code !== '0x')
}

interface CommitteeSetup {
  provider: Provider
  deployment: Deployment
  /** of the running custodians, by index */
  endpoints: readonly string[]
  say: Say
}

/**
 * The committee whose key files are sealed to: named during the set-up, its key made by the custodians among themselves.
 * Then the set-up is over and the DAO in charge.
 * @returns whether either was done now
 */
export async function ensureCommittee({
  provider,
  deployment,
  endpoints,
  say,
}: CommitteeSetup): Promise<boolean> {
  const signer = council(provider)
  const { transaction } = await formCommittee({
    signer,
    deployment,
    endpoints,
    threshold: THRESHOLD,
    fund: CUSTODIAN_FUND,
    onProgress: say,
  })
  const handedOver = await handOver(signer, deployment, TIMELOCK_SECONDS)
  if (handedOver) say('the DAO is in charge')
  return handedOver || transaction !== null
}
