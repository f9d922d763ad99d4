import { ERRORS, type ErrorCode, GranaryError, isErrorCode } from '@granary/protocol'

/** Why a dataset was not obtained. */
export interface Failure {
  dataset: string
  code: string
  message: string
}

/** What went wrong during one release, by custodian and by dataset. */
export interface Faults {
  ofMember(member: number, code: string): void
  ofDataset(dataset: string, code: string, message: string): void
  /** The custodians' own word on a dataset, if they had one. */
  failure(dataset: string, otherwise: { code: string; message: string }): Failure
  /** Custodians that could not be reached or answered with rubbish, and their codes. */
  readonly members: ReadonlyMap<number, string>
  /** The one reason that keeps an order from its quorum. */
  quorumError(count: number, threshold: number, charged: boolean): GranaryError
}

/** Codes of custodians that said nothing about the order: none or rubbish. */
const SILENT = new Set(['UNREACHABLE', 'ANSWER_INVALID'])

export function createFaults(): Faults {
  const members = new Map<number, string>()
  const datasets = new Map<string, { code: string; message: string }[]>()
  return {
    members,
    ofMember: (member, code) => void members.set(member, code),
    ofDataset(dataset, code, message) {
      datasets.set(dataset, [...(datasets.get(dataset) ?? []), { code, message }])
    },
    failure(dataset, otherwise) {
      const reasons = datasets.get(dataset) ?? []
      const most = mostFrequent(reasons.map((reason) => reason.code))
      const reason = reasons.find(({ code }) => code === most) ?? otherwise
      return { dataset, code: reason.code, message: reason.message }
    },
    quorumError(count, threshold, charged) {
      const facts = { custodians: Object.fromEntries(members) }
      const codes = [...members.values()]
      const said = codes.filter((code): code is ErrorCode => !SILENT.has(code) && isErrorCode(code))
      const silent = codes.length - said.length
      const most = mostFrequent(said)
      // Enough of them answered to make a quorum: then what they said is the reason, not the silence of the others.
      if (most && count - silent >= threshold)
        return new GranaryError(most, `the custodians refuse the order: ${ERRORS[most].title}`, {
          detail: facts,
        })
      const charge = charged
        ? 'What has been receipted can be asked for again without a second charge.'
        : 'Nothing was charged.'
      return new GranaryError(
        'CUSTODIANS_UNAVAILABLE',
        `${count - silent} of ${count} custodians answered, ${threshold} are needed. ${charge}`,
        { detail: facts },
      )
    },
  }
}

function mostFrequent<T extends string>(codes: readonly T[]): T | undefined {
  const counts = new Map<T, number>()
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}
