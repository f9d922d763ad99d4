import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Deployment, GranaryError, parseDeployment } from '@granary/protocol'

/** Writes a deployment as JSON, in one step: a reader sees the old file or the new one. */
export function writeDeployment(file: string, deployment: Deployment): void {
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(deployment, null, 2)}\n`)
  renameSync(draft, file)
}

/**
 * Reads a deployment.
 * @throws GranaryError DEPLOYMENT_MISSING, DEPLOYMENT_INVALID
 */
export function readDeployment(file: string): Deployment {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new GranaryError('DEPLOYMENT_MISSING', `there is no deployment at ${file}`, { cause })
  }
  return parseDeployment(text)
}
