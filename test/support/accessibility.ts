import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/**
 * What axe-core finds wrong, by rule and element; evaluated from outside, since the page's policy refuses it inside.
 * While a question is open the rules of good practice are left out: they miss the landmarks that are hidden then.
 */
export async function findings(page: Page, rules = [...WCAG, 'best-practice']): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async (runOnly) => {
    type Results = { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }
    const { axe } = window as unknown as { axe: { run(options: object): Promise<Results> } }
    const { violations } = await axe.run({ runOnly })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    )
  }, rules)
}

/** Pixels by which the page is wider than its window, once what follows the window's width, such as charts, has done so. */
export const overflow = (page: Page) =>
  page.evaluate(async () => {
    const wider = () => document.documentElement.scrollWidth - document.documentElement.clientWidth
    for (let look = 0; look < 40 && wider() > 0; look += 1)
      await new Promise((later) => setTimeout(later, 50))
    return wider()
  })
