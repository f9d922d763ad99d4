// The end of the set-up: from here on only the DAO decides.
import { CONTRACT_ABIS, type Deployment } from '@granary/protocol'
import { Contract, type Provider, type Signer } from 'ethers'
import { countPools } from './pools.js'
import { callAsTimelock } from './set-up.js'

/** The contracts that have an owner. */
const OWNED = [
  'datasetRegistry',
  'trainerRegistry',
  'custodianCommittee',
  'accessRequests',
  'rewardPool',
] as const
const BLOCKS_AT_ONCE = 2_000

/**
 * Gives the Timelock to the Governor: the deployer proposes no more, and what passes waits `delay` seconds. For good.
 * Does nothing when it was done before.
 * @returns whether it was done now
 * @throws CliError OWNER_NEEDED by `callAsTimelock`
 */
export async function handOver(signer: Signer, deployment: Deployment, delay: number): Promise<boolean> {
  const timelock = new Contract(deployment.timelock, CONTRACT_ABIS.timelock, signer)
  const [proposer, canceller] = await Promise.all(
    ['PROPOSER_ROLE', 'CANCELLER_ROLE'].map((role) => timelock.getFunction(role)()),
  )
  const { governor } = deployment
  if (await timelock.getFunction('hasRole')(proposer, governor)) return false
  const deployer = await signer.getAddress()
  const call = (method: string, ...args: unknown[]) => ({ contract: 'timelock' as const, method, args })
  await callAsTimelock(signer, deployment, [
    call('grantRole', proposer, governor),
    call('grantRole', canceller, governor),
    call('revokeRole', proposer, deployer),
    call('revokeRole', canceller, deployer),
    call('updateDelay', delay),
  ])
  return true
}

/**
 * What the set-up lacks, in words: votes come from data that was used, so without a pool and a committee nobody could
 * ever get one, and the DAO would decide nothing for ever.
 */
export async function checkBeginning(provider: Provider, deployment: Deployment): Promise<string[]> {
  const committee = new Contract(deployment.custodianCommittee, CONTRACT_ABIS.custodianCommittee, provider)
  return [
    ...((await countPools(deployment, provider)) === 0
      ? ['there is no pool: open one (granary pools create)']
      : []),
    ...((await committee.getFunction('currentEpoch')()) === 0n
      ? ['no committee is active: name one (granary committee propose)']
      : []),
  ]
}

/**
 * What speaks against the DAO being alone in charge, in words; empty when nothing does. Reads the chain's own events:
 * anybody can run it on any deployment.
 */
export async function checkHandover(provider: Provider, deployment: Deployment): Promise<string[]> {
  const timelock = new Contract(deployment.timelock, CONTRACT_ABIS.timelock, provider)
  const governor = new Contract(deployment.governor, CONTRACT_ABIS.governor, provider)
  const findings: string[] = []
  for (const name of OWNED) {
    const owner = await new Contract(deployment[name], CONTRACT_ABIS[name], provider).getFunction('owner')()
    if (owner !== deployment.timelock) findings.push(`${name} is owned by ${owner}, not by the Timelock`)
  }
  const rewards = new Contract(deployment.rewardPool, CONTRACT_ABIS.rewardPool, provider)
  const treasury = await rewards.getFunction('treasury')()
  if (treasury !== deployment.timelock) findings.push(`the treasury is ${treasury}, not the Timelock`)
  if ((await governor.getFunction('timelock')()) !== deployment.timelock)
    findings.push('the Governor acts through another Timelock')
  if ((await governor.getFunction('token')()) !== deployment.grainToken)
    findings.push('the Governor counts the votes of another token')
  findings.push(...(await checkRoles(timelock, deployment)))
  findings.push(...(await checkOperations(timelock, deployment)))
  return findings
}

/** Whoever was ever given a role and still has it, beyond the Governor and, to execute, anyone. */
async function checkRoles(timelock: Contract, deployment: Deployment): Promise<string[]> {
  const names = ['PROPOSER_ROLE', 'CANCELLER_ROLE', 'EXECUTOR_ROLE', 'DEFAULT_ADMIN_ROLE']
  const roles = new Map<string, string>()
  for (const name of names) roles.set(await timelock.getFunction(name)(), name)
  const allowed: Record<string, readonly string[]> = {
    PROPOSER_ROLE: [deployment.governor],
    CANCELLER_ROLE: [deployment.governor],
    EXECUTOR_ROLE: [`0x${'00'.repeat(20)}`],
    DEFAULT_ADMIN_ROLE: [deployment.timelock],
  }
  const findings: string[] = []
  const seen = new Set<string>()
  for (const { args } of await events(timelock, 'RoleGranted', deployment.startBlock)) {
    const { role, account } = args
    const name = roles.get(role) ?? role
    if (seen.has(role + account) || (allowed[name] ?? []).includes(account)) continue
    seen.add(role + account)
    if (await timelock.getFunction('hasRole')(role, account))
      findings.push(`${account} has ${name} of the Timelock`)
  }
  for (const [role, name] of roles) {
    for (const account of allowed[name]!) {
      if (!(await timelock.getFunction('hasRole')(role, account))) findings.push(`${account} lacks ${name}`)
    }
  }
  return findings
}

/** Operations that the set-up scheduled and left: anybody could execute them later. */
async function checkOperations(timelock: Contract, deployment: Deployment): Promise<string[]> {
  if ((await timelock.getFunction('getMinDelay')()) === 0n)
    return ['the Timelock has no delay: the set-up is not over']
  const proposer = await timelock.getFunction('PROPOSER_ROLE')()
  const grants = await events(timelock, 'RoleGranted', deployment.startBlock)
  const end =
    grants.find(({ args }) => args.role === proposer && args.account === deployment.governor)?.block ?? 0
  const pending = new Set<string>()
  for (const { args, block } of await events(timelock, 'CallScheduled', deployment.startBlock)) {
    if (block <= end && (await timelock.getFunction('isOperationPending')(args.id))) pending.add(args.id)
  }
  return [...pending].map((id) => `operation ${id} was scheduled during the set-up and never executed`)
}

interface Found {
  block: number
  // biome-ignore lint/suspicious/noExplicitAny: the ABI is the type, and it is generated
  args: any
}

/** Every event of a name, from block `from` to now. */
async function events(contract: Contract, name: string, from: number): Promise<Found[]> {
  const last = await (contract.runner as Provider).getBlockNumber()
  const found: Found[] = []
  for (let start = from; start <= last; start += BLOCKS_AT_ONCE) {
    const logs = await contract.queryFilter(name, start, Math.min(last, start + BLOCKS_AT_ONCE - 1))
    for (const log of logs) if ('args' in log) found.push({ block: log.blockNumber, args: log.args })
  }
  return found
}
