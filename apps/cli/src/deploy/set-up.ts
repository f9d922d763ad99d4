// What the account that deployed does in the Timelock's name, until it hands over to the DAO.
import { CONTRACT_ABIS, type Deployment, type Hex } from '@granary/protocol'
import { Contract, hexlify, Interface, randomBytes, type Signer, type TransactionReceipt } from 'ethers'
import { CliError } from '../output.js'

/** One call of a contract that the Timelock owns. */
export interface OwnerCall {
  contract: keyof typeof CONTRACT_ABIS
  method: string
  args: readonly unknown[]
}

export const NO_PREDECESSOR = `0x${'00'.repeat(32)}`

/** The Timelock's calls as targets and data. */
export function encodeCalls(deployment: Deployment, calls: readonly OwnerCall[]) {
  return {
    targets: calls.map(({ contract }) => deployment[contract]),
    values: calls.map(() => 0n),
    payloads: calls.map(
      ({ contract, method, args }) =>
        new Interface(CONTRACT_ABIS[contract]).encodeFunctionData(method, args) as Hex,
    ),
  }
}

/** Whether the account may still act in the Timelock's name: only until it handed over. */
export async function isSettingUp(signer: Signer, deployment: Deployment): Promise<boolean> {
  const timelock = new Contract(deployment.timelock, CONTRACT_ABIS.timelock, signer)
  const role = await timelock.getFunction('PROPOSER_ROLE')()
  return timelock.getFunction('hasRole')(role, await signer.getAddress())
}

/**
 * Has the Timelock make calls at once, all or none: during the set-up its delay is zero and the deployer proposes.
 * @throws CliError OWNER_NEEDED once the set-up is over, or for any other account; nothing was sent then
 */
export async function callAsTimelock(
  signer: Signer,
  deployment: Deployment,
  calls: readonly OwnerCall[],
): Promise<TransactionReceipt> {
  if (!(await isSettingUp(signer, deployment))) {
    throw new CliError(
      'OWNER_NEEDED',
      'the DAO decides this: make a proposal (granary proposals create --help). Only the account that deployed may, before it hands over',
    )
  }
  const timelock = new Contract(deployment.timelock, CONTRACT_ABIS.timelock, signer)
  const { targets, values, payloads } = encodeCalls(deployment, calls)
  const salt = hexlify(randomBytes(32))
  const batch = [targets, values, payloads, NO_PREDECESSOR, salt] as const
  await (await timelock.getFunction('scheduleBatch')(...batch, 0)).wait()
  const sent = await timelock.getFunction('executeBatch')(...batch)
  return sent.wait()
}

/** Does part of the set-up; once that is over, tells which command proposes the same. */
export async function orPropose<T>(work: () => Promise<T>, command: readonly string[]): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'OWNER_NEEDED') throw error
    const words = command.map((word) =>
      /^[\w:/.,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
    )
    throw new CliError(
      'OWNER_NEEDED',
      `the DAO decides this now. Propose it: granary proposals create ${words.join(' ')}`,
    )
  }
}
