import { type CustodianAnswers, GranaryError, type Hex } from '@granary/protocol'
import type { Context } from './context.js'
import type { CommitteeMember } from './network.js'

/** What one custodian said. `status` 0: it could not be reached. Nothing in `body` is verified yet. */
export interface CustodianAnswer {
  member: number
  status: number
  body: unknown
}

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
  signal?: AbortSignal,
): Promise<CustodianAnswer[]> {
  const proxy = `/v1/access-requests/${request}/releases/${step}`
  return askAll(context, { proxy, path: PATHS[step], body, members, signal })
}

/** The same for an owner's release of own datasets. */
export async function askOwnerReleases(
  context: Context,
  body: Record<string, unknown>,
  members: readonly CommitteeMember[],
  signal?: AbortSignal,
): Promise<CustodianAnswer[]> {
  const path = '/v1/owner-releases'
  return askAll(context, { proxy: path, path, body, members, signal })
}

interface Question {
  /** where the API passes it on */
  proxy: string
  /** where a custodian takes it */
  path: string
  body: Record<string, unknown>
  members: readonly CommitteeMember[]
  signal?: AbortSignal | undefined
}

async function askAll(context: Context, question: Question): Promise<CustodianAnswer[]> {
  const { proxy, path, body, members, signal } = question
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
  return Promise.all(
    members.map(async (member) => {
      const answer = proxied.find((one) => one.member === member.index && one.status !== 0)
      return answer ?? (await askDirectly(context, member, path, body, signal))
    }),
  )
}

/** One custodian at its endpoint on chain. */
async function askDirectly(
  context: Context,
  member: CommitteeMember,
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<CustodianAnswer> {
  const url = `${member.endpoint.replace(/\/+$/, '')}${path}`
  try {
    return {
      member: member.index,
      status: 200,
      body: await context.http.json(url, { method: 'POST', body, timeout: 30_000, signal }),
    }
  } catch (error) {
    if (signal?.aborted || !(error instanceof GranaryError)) throw error
    const reached = error.code !== 'UNREACHABLE' && error.code !== 'ANSWER_INVALID'
    return {
      member: member.index,
      status: reached ? error.status : 0,
      body: { code: error.code, detail: error.message },
    }
  }
}

/** The code of a problem document, if that is what it is. */
export function problemCode(body: unknown): string | undefined {
  const code = (body as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}
