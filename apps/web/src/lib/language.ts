// The languages that the page speaks. Texts stand in `messages.ts` files in English; their French is beside them in
// `messages.fr.ts`, and is fetched only by those who chose it.

/** By code (BCP 47), in their own words. */
export const LANGUAGES = { en: 'English', fr: 'Français' } as const
export type Language = keyof typeof LANGUAGES

const KEPT = 'granary.language'

const isLanguage = (code: string | null): code is Language => code !== null && code in LANGUAGES

/** What was chosen here, else the first of the browser's languages that the page speaks. English outside of a page. */
function wished(): Language {
  if (typeof document === 'undefined') return 'en'
  const kept = localStorage.getItem(KEPT)
  if (isLanguage(kept)) return kept
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

export const language: Language = wished()

/** For numbers, dates and sorting. */
export const locale = { en: 'en-GB', fr: 'fr-FR' }[language]

/** Keeps the choice and loads the page anew in it; uploads under way go on after that. */
export function chooseLanguage(next: Language): void {
  localStorage.setItem(KEPT, next)
  location.reload()
}

const learnt = new Map<string, object>()

/** Takes over the tables of a `messages.fr.ts`, by name. Before any `messages.ts` is evaluated. */
export function learn(tables: Record<string, object>): void {
  for (const [name, table] of Object.entries(tables)) learnt.set(name, table)
}

/** A table of texts: `english`, or the one of the same name in the chosen language. */
export function texts<T extends object>(name: string, english: T): T {
  return (learnt.get(name) as T | undefined) ?? english
}
