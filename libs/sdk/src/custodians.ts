import { type CustodianAnswers, GranaryError, type Hex, isErrorCode } from '@granary/protocol'
import type { Context } from './context.js'
import type { CallOptions } from './http.js'
import type { CommitteeMember } from './network.js'

/** What one custodian said. `status` 0: it could not be reached. Nothing in `body` is verified yet. */
export interface CustodianAnswer {
  member: number
  status: number
  body: unknown
}

/** Milliseconds for a member that the API could not reach: as long as it takes, or hardly any once a quorum answered. */
const PATIENCE = { needed: 30_000, spare: 3_000 }

const PATHS = { receipts: '/v1/receipts', shares: '/v1/shares' } as const

/**
 * Asks all custodians by way of the API, which spares a browser a dozen connections; those that the API could not
 * reach, and all of them when the API itself fails, are asked directly.
 */
export async function askCustodians(
  context: Context,
  request: Hex,
  step: keyof typeof PATHS,
  body: Record<string, unknown>,
  members: readonly CommitteeMember[],
  threshold: number,
  signal?: AbortSignal,
): Promise<CustodianAnswer[]> {
  const proxy = `/v1/access-requests/${request}/releases/${step}`
  return askAll(context, { proxy, path: PATHS[step], body, members, threshold, signal })
}

/** The same for an owner's release of own datasets. */
export async function askOwnerReleases(
  context: Context,
  body: Record<string, unknown>,
  members: readonly CommitteeMember[],
  threshold: number,
  signal?: AbortSignal,
): Promise<CustodianAnswer[]> {
  const path = '/v1/owner-releases'
  return askAll(context, { proxy: path, path, body, members, threshold, signal })
}

interface Question {
  /** where the API passes it on */
  proxy: string
  /** where a custodian takes it */
  path: string
  body: Record<string, unknown>
  members: readonly CommitteeMember[]
  /** how many answers are enough for what is asked */
  threshold: number
  signal?: AbortSignal | undefined
}

async function askAll(context: Context, question: Question): Promise<CustodianAnswer[]> {
  const { proxy, path, body, members, threshold, signal } = question
  const proxied = await context
    .callSigned<CustodianAnswers>(proxy, { method: 'POST', body, timeout: 90_000, signal })
    .then(({ custodians }) => custodians)
    .catch((error) => {
      if (signal?.aborted) throw error
      context.log(
        `the API did not pass on ${path}: ${(error as Error).message}; asking the custodians directly`,
      )
      return []
    })
  const answered = proxied.filter(({ status }) => status === 200).length
  const timeout = answered >= threshold ? PATIENCE.spare : PATIENCE.needed
  return Promise.all(
    members.map(async (member) => {
      const answer = proxied.find((one) => one.member === member.index && one.status !== 0)
      return answer ?? (await askDirectly(context, member, path, { body, timeout, signal }))
    }),
  )
}

/** One custodian at its endpoint on chain. */
async function askDirectly(
  context: Context,
  member: CommitteeMember,
  path: string,
  call: { body: unknown; timeout: number; signal?: AbortSignal | undefined },
): Promise<CustodianAnswer> {
  const url = `${member.endpoint.replace(/\/+$/, '')}${path}`
  try {
    const body = await context.elsewhere.json(url, { ...call, method: 'POST' } as CallOptions)
    return { member: member.index, status: 200, body }
  } catch (error) {
    if (call.signal?.aborted || !(error instanceof GranaryError)) throw error
    // An answer that is rubbish is told apart from none.
    const status = error.code === 'UNREACHABLE' ? 0 : error.status
    return {
      member: member.index,
      status,
      body: { code: error.code, detail: error.message },
    }
  }
}

/** The code of a problem document, if that is what it is. One that the catalogue does not have is no code. */
export function problemCode(body: unknown): string | undefined {
  const code = (body as { code?: unknown } | null)?.code
  return typeof code === 'string' && isErrorCode(code) ? code : undefined
}
