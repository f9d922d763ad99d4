import { type Address, type Deployment, parseDeployment } from '@granary/protocol'
import { Contract, ContractFactory, getAddress, getCreateAddress, type Signer } from 'ethers'
import { CliError } from '../output.js'
import { type ArtifactName, readArtifact } from './artifacts.js'
import { createPools, type PoolTerms } from './pools.js'

export interface DeployOptions {
  /** pays and deploys; has a provider. Needs no right afterwards */
  signer: Signer
  /** holds every role from the first block on, without an acceptance: the council, or the Timelock */
  owner: string
  /** earns the treasury's part */
  treasury: string
  /** will be able to void a settlement during `claimDelay` */
  guardian: string
  /** an ERC-20 with permit, without fees on transfer or rebasing; without it a test token is deployed, owned by `owner` */
  token?: string
  /** parts of each use in 1/10,000; owners get the rest, at least 5000 */
  fees: { treasuryBps: number; custodiansBps: number }
  /** seconds after a request's expiry in which it may still be settled */
  window: number
  /** seconds for which a settlement's root will be pending */
  claimDelay: number
  /** pools to create at once, numbered from 1; only if the signer is the owner */
  pools?: readonly PoolTerms[]
  onProgress?: (line: string) => void
}

/**
 * Deploys Granary: the one path for development, tests and real networks. The same signer at the same nonce gets the
 * same addresses on every chain. Does not write the deployment file (see `writeDeployment`).
 *
 * Request escrow and reward pool name each other for good, so the pool's address is computed from the signer's nonce
 * before it exists: the signer must send nothing else meanwhile. What came out is checked.
 *
 * @throws CliError ARTIFACT_MISSING, OWNER_NEEDED (pools asked for by a signer that is not the owner), DEPLOY_FAILED;
 *   nothing was sent in the first two cases
 */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const { signer, owner, onProgress = () => {} } = options
  const provider = signer.provider
  if (!provider) throw new CliError('DEPLOY_FAILED', 'the signer has no provider')
  const from = await signer.getAddress()
  const pools = options.pools ?? []
  if (pools.length > 0 && getAddress(owner) !== getAddress(from)) {
    throw new CliError(
      'OWNER_NEEDED',
      'only the owner creates pools: deploy without them, then let the owner do it',
    )
  }
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

  readArtifact('RewardPool')
  const token = options.token ? (getAddress(options.token) as Address) : await create('TestToken', owner)
  const datasetRegistry = await create('DatasetRegistry', owner)
  const trainerRegistry = await create('TrainerRegistry', owner)
  const custodianCommittee = await create('CustodianCommittee', owner)
  const nonce = await signer.getNonce()
  const accessRequests = await create(
    'AccessRequests',
    token,
    datasetRegistry,
    trainerRegistry,
    getCreateAddress({ from, nonce: nonce + 1 }),
    owner,
    options.fees.treasuryBps,
    options.fees.custodiansBps,
    options.window,
  )
  const rewardPool = await create(
    'RewardPool',
    token,
    accessRequests,
    custodianCommittee,
    owner,
    options.treasury,
    options.guardian,
    options.claimDelay,
  )
  const named = await new Contract(accessRequests, readArtifact('AccessRequests').abi, provider).getFunction(
    'rewardPool',
  )()
  if (named !== rewardPool) {
    throw new CliError('DEPLOY_FAILED', 'the signer sent something else meanwhile: deploy again')
  }

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
  })
  await createPools({ signer, deployment, pools, onProgress })
  return deployment
}
