import { expect } from '@jest/globals'
import type { Page } from 'playwright-core'
import { findings, overflow } from './accessibility.js'

/** Widths in pixels and themes in which a page has to be legible. */
export const LOOKS = [
  [1280, 'light'],
  [1280, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const

const NARROWEST = 360

/**
 * Nothing that axe finds and nothing that runs over the edge, wide and narrow, in both themes. The page is left wide and
 * light. Whoever wants to look at it names a folder in GRANARY_SCREENSHOTS.
 *
 * @param name of the pictures
 * @param rules of axe; WCAG alone while a question is open
 */
export async function expectLegible(page: Page, name: string, rules?: string[]): Promise<void> {
  const folder = process.env.GRANARY_SCREENSHOTS
  for (const [width, colorScheme] of LOOKS) {
    await look(page, width, colorScheme)
    expect([name, width, colorScheme, await findings(page, rules)]).toEqual([name, width, colorScheme, []])
    expect([name, width, await overflow(page)]).toEqual([name, width, 0])
    if (folder)
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true })
  }
  await look(page, NARROWEST, 'light')
  expect([name, NARROWEST, await overflow(page)]).toEqual([name, NARROWEST, 0])
  await look(page, 1280, 'light')
}

async function look(page: Page, width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.setViewportSize({ width, height: 900 })
  await page.emulateMedia({ colorScheme })
}
