import { type Address, CONTRACT_ABIS, type Deployment, parseDeployment } from '@granary/protocol'
import { Contract, ContractFactory, getAddress, getCreateAddress, type Signer, ZeroAddress } from 'ethers'
import { CliError } from '../output.js'
import { type ArtifactName, readArtifact } from './artifacts.js'
import { createPools, type PoolTerms } from './pools.js'
import { callAsTimelock } from './set-up.js'

/** How the DAO decides. Times in seconds. */
export interface GovernanceTerms {
  /** from a proposal to the first vote */
  votingDelay: number
  /** from the first vote to the last */
  votingPeriod: number
  /** GRAIN that a proposer needs, in its smallest unit */
  threshold: bigint
  /** of all GRAIN, for and abstaining together */
  quorumPercent: number
  /** GRAIN that a quorum needs in any case, in its smallest unit: with fewer votes earned the DAO decides nothing */
  quorumMinimum: bigint
}

export interface DeployOptions {
  /** pays and deploys; has a provider. Acts in the Timelock's name until it hands over (see `handOver`) */
  signer: Signer
  /** may approve and suspend trainers at once; given and taken by the DAO */
  council: string
  /** may void a settlement during `claimDelay` */
  guardian: string
  /** earns the treasury's part; the Timelock unless named */
  treasury?: string
  token?: string
  /** parts of each use in 1/10,000; owners get the rest, at least 5000 */
  fees: { treasuryBps: number; custodiansBps: number }
  /** seconds after a request's expiry in which it may still be settled; no later window is shorter */
  window: number
  /** seconds for which a settlement is pending; shorter than the window */
  claimDelay: number
  governance: GovernanceTerms
  /** pools to create at once, numbered from 1 */
  pools?: readonly PoolTerms[]
  onProgress?: (line: string) => void
}

/**
 * Deploys Granary: the one path for development, tests and real networks. The same signer at the same nonce gets the
 * same addresses on every chain. Does not write the deployment file (see `writeDeployment`).
 *
 * Everything belongs to the Timelock from the first block on. Until `handOver` its one proposer is the signer and its
 * delay is zero, so that pools and committee can be set up.
 *
 * Request escrow and reward pool name each other for good, so the pool's address is computed from the signer's nonce
 * before it exists: the signer must send nothing else meanwhile. What came out is checked.
 *
 * @throws CliError ARTIFACT_MISSING (nothing was sent), DEPLOY_FAILED
 */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const { signer, governance, onProgress = () => {} } = options
  const provider = signer.provider
  if (!provider) throw new CliError('DEPLOY_FAILED', 'the signer has no provider')
  const from = await signer.getAddress()
  const { chainId } = await provider.getNetwork()
  const startBlock = (await provider.getBlockNumber()) + 1

  const create = async (name: ArtifactName, ...args: unknown[]): Promise<Address> => {
    const { abi, bytecode } = readArtifact(name)
    const contract = await new ContractFactory(abi, bytecode, signer).deploy(...args)
    await contract.waitForDeployment()
    const address = getAddress(await contract.getAddress()) as Address
    onProgress(`${name} at ${address}`)
    return address
  }

  readArtifact('GranaryGovernor')
  const token = options.token ? (getAddress(options.token) as Address) : await create('TestToken', from)
  const timelock = await create('Timelock', 0, [from], [ZeroAddress], ZeroAddress)
  const datasetRegistry = await create('DatasetRegistry', timelock)
  const trainerRegistry = await create('TrainerRegistry', timelock)
  const custodianCommittee = await create('CustodianCommittee', timelock)
  const nonce = await signer.getNonce()
  const accessRequests = await create(
    'AccessRequests',
    token,
    datasetRegistry,
    trainerRegistry,
    getCreateAddress({ from, nonce: nonce + 1 }),
    timelock,
    options.fees.treasuryBps,
    options.fees.custodiansBps,
    options.window,
  )
  const rewardPool = await create(
    'RewardPool',
    token,
    accessRequests,
    custodianCommittee,
    timelock,
    options.treasury ?? timelock,
    options.guardian,
    options.claimDelay,
  )
  const requests = new Contract(accessRequests, CONTRACT_ABIS.accessRequests, provider)
  if ((await requests.getFunction('rewardPool')()) !== rewardPool) {
    throw new CliError('DEPLOY_FAILED', 'the signer sent something else meanwhile: deploy again')
  }
  const grainToken = await create('GrainToken', rewardPool)
  const { votingDelay, votingPeriod, threshold, quorumPercent, quorumMinimum } = governance
  const governor = await create(
    'GranaryGovernor',
    grainToken,
    timelock,
    votingDelay,
    votingPeriod,
    threshold,
    quorumPercent,
    quorumMinimum,
  )

  const deployment = parseDeployment({
    version: 1,
    chainId: Number(chainId),
    startBlock,
    token,
    datasetRegistry,
    trainerRegistry,
    custodianCommittee,
    accessRequests,
    rewardPool,
    grainToken,
    governor,
    timelock,
  })
  await callAsTimelock(signer, deployment, [
    { contract: 'trainerRegistry', method: 'setCouncil', args: [options.council, true] },
  ])
  await createPools({ signer, deployment, pools: options.pools ?? [], onProgress })
  return deployment
}
