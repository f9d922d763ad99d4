import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { InterfaceAbi } from 'ethers'
import { CliError } from '../output.js'

// From src/deploy and dist/deploy alike.
const OUT = fileURLToPath(new URL('../../../../contracts/out/', import.meta.url))

export type ArtifactName =
  | 'DatasetRegistry'
  | 'TrainerRegistry'
  | 'CustodianCommittee'
  | 'AccessRequests'
  | 'RewardPool'
  | 'GrainToken'
  | 'GranaryGovernor'
  | 'Timelock'
  | 'TestToken'

export interface Artifact {
  abi: InterfaceAbi
  bytecode: string
}

/**
 * What forge compiled of one contract.
 * @throws CliError ARTIFACT_MISSING if the contracts were not built
 */
export function readArtifact(name: ArtifactName): Artifact {
  const file = `${OUT}${name}.sol/${name}.json`
  try {
    const { abi, bytecode } = JSON.parse(readFileSync(file, 'utf8'))
    return { abi, bytecode: bytecode.object }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CliError('ARTIFACT_MISSING', `${name} is not compiled: run npm run build (${reason})`)
  }
}
