import type { DatasetResource } from '@granary/protocol'
import type { Browser, Page } from 'playwright-core'
import { type FormFile, fillForm, type InjectedWallet, injectWallet, openPage, signIn } from './web.js'
import { type World, waitFor } from './world.js'

export const rye: FormFile = {
  name: 'rye.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from('day,kg\nmonday,7\n'),
}

/** A request of tus that a page began. */
interface Sent {
  method: string
  path: string
  offset: string | undefined
}

/** What a page keeps of an unfinished contribution. */
interface Kept {
  name: string
  sealed: { cid: string; upload: string | null } | null
}

/** Alice's page, newly signed in, and what she does there with contributions that are cut off. */
export interface Contributing {
  page: Page & { faults: string[] }
  alice: InjectedWallet
  /** Requests of tus that the page began with this method, in order. */
  sent(method: 'PATCH' | 'POST'): Sent[]
  heading(name: string): ReturnType<Page['getByRole']>
  button(name: string): ReturnType<Page['getByRole']>
  datasets(owner?: string): Promise<DatasetResource[]>
  contribute(...files: FormFile[] | string[]): Promise<void>
  /** Reloads the page, or opens it again, as the same person in the same browser. */
  reload(): Promise<void>
  /** Contributes; no byte of an upload gets through until the page is reloaded. */
  cutOff(...files: FormFile[]): Promise<void>
  /** Reads or changes all records of the page's unfinished contributions, or those of one title. */
  records(change?: Record<string, unknown> | null, title?: string | null): Promise<Kept[]>
  registered(): Promise<void>
}

/** Opens it, for contributions to `pool`. */
export async function openContributing(world: World, browser: Browser, pool: number): Promise<Contributing> {
  const page = await openPage(browser)
  const alice = await injectWallet(page)
  const all: Sent[] = []
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname
    if (!path.startsWith('/v1/uploads')) return
    all.push({ method: request.method(), path, offset: request.headers()['upload-offset'] })
  })
  await signIn(page, world.api, alice)
  const heading = (name: string) => page.getByRole('heading', { name, exact: true })
  const contribute = async (...files: FormFile[] | string[]) => {
    await fillForm(page, { files: files as FormFile[], pool, purposes: ['evaluation'] })
    await page.getByRole('button', { name: /^Seal and contribute/ }).click()
  }
  const reload = async () => {
    await page.reload()
    await heading('Your granary').waitFor()
  }
  const sent = (wanted: string) => all.filter(({ method }) => method === wanted)
  return {
    page,
    alice,
    sent,
    heading,
    button: (name) => page.getByRole('button', { name, exact: true }),
    async datasets(owner = alice.wallet.address) {
      const answer = await fetch(`${world.api}/v1/datasets?owner=${owner}`)
      return ((await answer.json()) as { items: DatasetResource[] }).items
    },
    contribute,
    reload,
    async cutOff(...files) {
      const before = sent('PATCH').length
      await page.route('**/v1/uploads/*', (route) =>
        route.request().method() === 'PATCH' ? undefined : route.continue(),
      )
      await contribute(...files)
      await waitFor('the first byte to be sent', () => sent('PATCH').length > before)
      await reload()
      await page.unrouteAll({ behavior: 'ignoreErrors' })
    },
    records: (change = null, title = null) => records(page, change, title),
    registered: () => heading('Your dataset is registered').waitFor(),
  }
}

const records = (page: Page, change: Record<string, unknown> | null, title: string | null) =>
  page.evaluate(
    ({ changed, only }) =>
      new Promise<Kept[]>((resolve, reject) => {
        const opening = indexedDB.open('granary-spool')
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('records', 'readwrite')
          const store = transaction.objectStore('records')
          const reading = store.getAll()
          reading.onsuccess = () => {
            if (!changed) return
            for (const record of reading.result)
              if (only === null || record.order.title === only) store.put({ ...record, ...changed })
          }
          transaction.oncomplete = () => {
            opening.result.close()
            resolve(reading.result)
          }
        }
        opening.onerror = () => reject(opening.error)
      }),
    { changed: change, only: title },
  )
