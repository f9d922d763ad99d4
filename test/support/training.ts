import { readFileSync } from 'node:fs'
import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { Wallet } from 'ethers'
import type { Browser, Download, Page } from 'playwright-core'
import { goTo, type InjectedWallet, injectWallet, openPage, signIn } from './web.js'
import type { World } from './world.js'

/** A member of the council in a browser of its own, on the page where trainers are decided on. */
export async function openCouncil(
  browser: Browser,
  world: World,
): Promise<{ council: Page & { faults: string[] }; wallet: InjectedWallet }> {
  const council = await openPage(browser)
  const account = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'council')!
  const wallet = await injectWallet(council, { wallet: new Wallet(account.privateKey), rpc: world.rpc })
  await signIn(council, world.api, wallet)
  await goTo(council, 'Training')
  return { council, wallet }
}

/** What a page gave to save: its name and its bytes. */
export async function saved(downloading: Promise<Download>): Promise<{ name: string; content: Buffer }> {
  const download = await downloading
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) }
}

/** Answers the page's question for a folder with one that needs no window of the system's, and has a file already. */
export async function giveFolder(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const picker = async () => {
      const root = await navigator.storage.getDirectory()
      const folder = await root.getDirectoryHandle('chosen', { create: true })
      const file = await folder.getFileHandle('Steps.csv', { create: true })
      const target = await file.createWritable()
      await target.write('old')
      await target.close()
      return folder
    }
    ;(window as unknown as { showDirectoryPicker: unknown }).showDirectoryPicker = picker
  })
}

/** The files of that folder with their sizes in bytes. */
export function givenFolder(page: Page): Promise<Record<string, number>> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const folder = (await root.getDirectoryHandle('chosen')) as unknown as {
      values(): AsyncIterable<FileSystemFileHandle>
    }
    const found: Record<string, number> = {}
    for await (const file of folder.values()) found[file.name] = (await file.getFile()).size
    return found
  })
}

/** The names of what lies in the page's private file system for one who fetched. */
export function fetchedHere(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const folder = (await root.getDirectoryHandle('granary-fetched')) as unknown as {
      keys(): AsyncIterable<string>
    }
    const names: string[] = []
    for await (const name of folder.keys()) names.push(name)
    return names
  })
}
