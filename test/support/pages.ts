/** A page of the web app, as apps/web/src/pages.ts lists it. */
export interface WebPage {
  path: string
  /** null = not in the navigation */
  name: string | null
  /** whether it is there without signing in */
  open: boolean
}

/** All pages of the web app: the list that the app itself goes by. */
export async function webPages(): Promise<readonly WebPage[]> {
  // By a name that the type checker does not follow: it would take the whole app into the tests' program.
  const list: string = '../../apps/web/src/pages.js'
  return ((await import(list)) as { PAGES: readonly WebPage[] }).PAGES
}

/**
 * `/datasets/:id` → `/datasets/0x…`: `ids` by the word before a parameter; null where there is none for it.
 */
export function filled(path: string, ids: Record<string, string>): string | null {
  let before = ''
  const parts = path.split('/').map((part) => {
    const value = part.startsWith(':') ? ids[before] : part
    before = part
    return value
  })
  return parts.includes(undefined) ? null : parts.join('/')
}
