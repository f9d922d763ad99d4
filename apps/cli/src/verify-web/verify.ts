import { randomUUID } from 'node:crypto'
import { GranaryError } from '@granary/protocol'
import {
  addressWebBuild,
  createOutgoing,
  type Outgoing,
  parseWebBuild,
  WEB_BUILD_FILE,
  type WebBuild,
  type WebFile,
} from '@granary/protocol/node'
import { ask, type Finding, type Question, type Served } from './answer.js'
import { CALLERS, type Caller } from './callers.js'

/** Requests at once, bytes of the server's own list of files. */
const AT_ONCE = 6
const MAX_LIST_BYTES = 1_048_576
const [PROGRAM] = CALLERS

export interface VerifyOptions {
  /** where the app's `index.html` is served, with or without a slash at its end */
  url: string
  /** the CID to compare with */
  cid: string
  /** the files of that build, if they are known; else the server names them, and is believed once they give the CID */
  release: WebBuild | undefined
  /** ends everything, as TIMED_OUT */
  signal: AbortSignal
  /** bytes compared so far, of all */
  onProgress(done: number, total: number): void
}

export interface Verified {
  url: string
  /** the CID that was asked about */
  cid: string
  /** what the server says that it serves; null when it says nothing */
  claimed: string | null
  /** whether every answer was that of the build */
  matches: boolean
  /** files of the build and their bytes; answers that were compared */
  files: number
  bytes: number
  answers: number
  findings: Finding[]
}

/**
 * Compares what a server serves with a build: every file of it, and the page at `/` and at an address that no file has,
 * each as several browsers and as a program, packed and not, with the headers that matter.
 *
 * What it does not show: that the server gives the same to everybody, now and later. It may know this machine's address,
 * and whoever is signed in sends a cookie that this does not have.
 *
 * @throws GranaryError WEB_MANIFEST_INVALID (no list of files), UNREACHABLE, TIMED_OUT
 */
export async function verifyWeb(options: VerifyOptions): Promise<Verified> {
  const { cid, release, signal, onProgress } = options
  const outgoing = createOutgoing('anywhere')
  const base = new URL(options.url.replace(/\/*$/, '/'))
  const claimed = await claimOf(outgoing, base, signal)
  const list = release ?? claimed
  const result = { url: base.href, cid, claimed: claimed?.cid ?? null, files: 0, bytes: 0, answers: 0 }
  if (!list) throw new GranaryError('WEB_MANIFEST_INVALID', `there is no ${WEB_BUILD_FILE} at ${base.href}`)
  if (claimed && claimed.cid !== cid) {
    const message = `the server says that it serves ${claimed.cid}, not ${cid}`
    const finding: Finding = { path: WEB_BUILD_FILE, caller: PROGRAM.name, code: 'WEB_BUILD_OTHER', message }
    return { ...result, matches: false, findings: [finding] }
  }

  const total = list.files.reduce((sum, { size }) => sum + size, 0) * CALLERS.length
  let done = 0
  onProgress(0, total)
  const jobs = list.files.flatMap((file) => CALLERS.map((caller) => ({ file, caller })))
  const answers = await atOnce(jobs, async ({ file, caller }) => {
    const url = new URL(file.path.split('/').map(encodeURIComponent).join('/'), base).href
    const question = { url, path: file.path, caller, kind: kindOf(file.path), maxBytes: file.size, signal }
    const served = await ask(outgoing, question)
    done += file.size
    onProgress(done, total)
    return { file, caller, served }
  })
  const findings = answers.flatMap(({ served }) => (served.finding ? [served.finding] : []))
  const plain = answers.filter(({ caller }) => caller === PROGRAM)
  findings.push(...(await altered(plain, cid, findings.length === 0)))
  for (const { file, caller, served } of answers) {
    const first = plain.find((answer) => answer.file === file)?.served.bytes
    if (first && served.bytes && !Buffer.from(first).equals(served.bytes))
      findings.push(differs(file.path, caller))
  }
  const index = plain.find(({ file }) => file.path === 'index.html')?.served.bytes
  const pages = index ? await askPages(outgoing, base, index, signal) : []
  findings.push(...pages.flatMap((page) => page ?? []))
  return {
    ...result,
    matches: findings.length === 0,
    files: list.files.length,
    bytes: total / CALLERS.length,
    answers: answers.length + pages.length,
    findings,
  }
}

/** What the server says of itself; null when it says nothing, or nothing that can be read. */
async function claimOf(outgoing: Outgoing, base: URL, signal: AbortSignal): Promise<WebBuild | null> {
  const url = new URL(WEB_BUILD_FILE, base).href
  const question: Question = {
    url,
    path: WEB_BUILD_FILE,
    caller: PROGRAM,
    kind: '',
    maxBytes: MAX_LIST_BYTES,
    signal,
  }
  const { bytes } = await ask(outgoing, question)
  if (!bytes) return null
  try {
    return parseWebBuild(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}

/** Which files are not those of the build; where none is, whether the list of files is that of the CID. */
async function altered(
  plain: { file: WebFile; served: Served }[],
  cid: string,
  isComplete: boolean,
): Promise<Finding[]> {
  const here = plain.flatMap(({ file, served }) =>
    served.bytes ? [{ path: file.path, bytes: served.bytes }] : [],
  )
  if (here.length === 0) return []
  const got = await addressWebBuild(here)
  const wrong = plain.flatMap(({ file }): Finding[] => {
    const found = got.files.find(({ path }) => path === file.path)
    if (!found || found.cid === file.cid) return []
    const message = `${file.path} is ${found.cid} (${found.size} bytes), not ${file.cid} (${file.size} bytes)`
    return [{ path: file.path, caller: PROGRAM.name, code: 'WEB_FILE_ALTERED', message }]
  })
  if (wrong.length > 0 || !isComplete || got.cid === cid) return wrong
  const message = `the files that are listed make ${got.cid}, not ${cid}`
  return [{ path: WEB_BUILD_FILE, caller: PROGRAM.name, code: 'WEB_FILE_ALTERED', message }]
}

const differs = (path: string, caller: Caller): Finding => ({
  path,
  caller: caller.name,
  code: 'WEB_ANSWERS_DIFFER',
  message: `${path} is another file for ${caller.name} than for ${PROGRAM.name}`,
})

/**
 * The page where people open it: at `/`, and at an address of the app that is no file. Who serves files alone has nothing
 * at the latter; what is there must be the page.
 */
async function askPages(
  outgoing: Outgoing,
  base: URL,
  index: Uint8Array,
  signal: AbortSignal,
): Promise<(Finding | null)[]> {
  const jobs = ['', randomUUID()].flatMap((path) => CALLERS.map((caller) => ({ path, caller })))
  return atOnce(jobs, async ({ path, caller }) => {
    const question = { url: new URL(path, base).href, path: `/${path}`, caller, kind: 'html', signal }
    const { bytes, finding } = await ask(outgoing, { ...question, maxBytes: index.length })
    if (finding) return path !== '' && finding.code === 'WEB_FILE_MISSING' ? null : finding
    return Buffer.from(index).equals(bytes) ? null : differs(`/${path}`, caller)
  })
}

const kindOf = (path: string) => /\.(\w+)$/.exec(path)?.[1] ?? ''

/** Does all jobs, some at once; results in their order. The first failure ends it. */
async function atOnce<Job, Result>(jobs: Job[], work: (job: Job) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const worker = async () => {
    for (let at = next++; at < jobs.length; at = next++) results[at] = await work(jobs[at]!)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return results
}
