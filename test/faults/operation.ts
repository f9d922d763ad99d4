import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { until } from '../support/custody.js'
import type { Invariant } from './invariants.js'
import { CUSTODIANS } from './schedule.js'

export const nobodyDied: Invariant = {
  name: 'no program ended by itself, and all are ready again',
  async faults({ network }) {
    const faults = []
    for (const { deaths } of network.programs.values())
      for (const { name, at, code, signal, tail } of deaths)
        faults.push(`${name} ended by itself at ${at} (${code ?? signal}):\n${tail}`)
    for (const url of [
      ...network.replicas.map((url) => `${url}/readyz`),
      ...network.custodianUrls.map((url) => `${url}/healthz`),
    ]) {
      const statusOf = () =>
        fetch(url).then(
          (answer) => answer.status,
          (error) => String(error.cause ?? error),
        )
      let status = await statusOf()
      const isReady = async () => {
        if (status !== 200) status = await statusOf()
        return status === 200
      }
      // Who was met last may still be reading what it missed.
      await until(isReady, url, 60_000).catch(() => {})
      if (status !== 200) faults.push(`${url} answers ${status}`)
    }
    return faults
  },
}

/** Without work the rest would hold of nothing. */
export const workWentOn: Invariant = {
  name: 'in spite of it people contributed, trainers asked and got files, and were charged for them',
  async faults({ ledger }) {
    const told = [...ledger.codes].map(([code, times]) => `${code} ${times}`).join(', ')
    return ['contribute', 'request', 'fetch', 'settle']
      .filter((operation) => !ledger.counts.get(operation)?.done)
      .map((operation) => `not one "${operation}" went through; told instead: ${told || 'nothing'}`)
  },
}

export const promisesKept: Invariant = {
  name: 'while it ran nobody got other bytes, a release after a withdrawal, or an error without a code',
  faults: async ({ ledger }) => ledger.broken,
}

export const everyFailureNamed: Invariant = {
  name: 'who could not be served was told what is away, never that something went wrong',
  async faults({ ledger }) {
    const times = ledger.codes.get('INTERNAL') ?? 0
    return times > 0
      ? [`clients were told INTERNAL ${times} times, see clients.log and the logs of that moment`]
      : []
  },
}

/** The key and the identity of a custodian. */
function secretsIn(folder: string): string[] {
  const { privateKey, identity } = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8'))
  return [privateKey.slice(2), identity]
}

const UNHANDLED =
  /unhandled ?(promise)? ?rejection|UnhandledPromiseRejection|uncaughtException|ERR_UNHANDLED/i

export const logsAreClean: Invariant = {
  name: 'no log names a secret or an error that nobody handled',
  async faults({ network, ledger }) {
    const faults: string[] = []
    const secrets = [...ledger.secrets, ...CUSTODIANS.flatMap((name) => secretsIn(network.folder(name)))]
    const folder = join(network.home, 'logs')
    for (const name of readdirSync(folder)) {
      let number = 0
      for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
        number += 1
        if (UNHANDLED.test(line)) faults.push(`${name}:${number}: ${line.slice(0, 300)}`)
        if (secrets.some((secret) => line.includes(secret))) faults.push(`${name}:${number} holds a secret`)
      }
    }
    return faults
  },
}
