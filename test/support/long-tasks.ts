import type { Browser } from 'playwright-core'

/** What the main threads of a browser's pages did, in milliseconds of the processor. */
export interface Tasks {
  count: number
  longest: number
}

interface TraceEvent {
  name: string
  tdur?: number
  pid: number
  tid: number
  args?: { name?: string; data?: { url?: string } }
}

/**
 * The tasks of the main threads of all pages while `work` goes on, in the course of which each page must load or call
 * something: by that they are told from pages of the browser's own, which have scripts, too. Of the processor's time: by
 * the clock a task also lasts while others have the processor.
 */
export async function tasksDuring(browser: Browser, work: () => Promise<unknown>): Promise<Tasks> {
  const trace: TraceEvent[] = []
  const session = await browser.newBrowserCDPSession()
  session.on('Tracing.dataCollected', ({ value }) => trace.push(...(value as unknown as TraceEvent[])))
  const categories = { includedCategories: ['toplevel', 'devtools.timeline'] }
  await session.send('Tracing.start', { traceConfig: categories, transferMode: 'ReportEvents' })
  await work()
  const ended = new Promise((done) => session.once('Tracing.tracingComplete', done))
  await session.send('Tracing.end')
  await ended
  await session.detach()
  const thread = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`
  const mains = new Set(
    trace.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(thread),
  )
  const pages = new Set(
    trace.filter(({ args }) => /^https?:/.test(args?.data?.url ?? '')).map(({ pid }) => pid),
  )
  const ran = trace.filter(
    (event) => /RunTask$/.test(event.name) && event.tdur && pages.has(event.pid) && mains.has(thread(event)),
  )
  return { count: ran.length, longest: Math.max(0, ...ran.map(({ tdur }) => tdur! / 1000)) }
}
