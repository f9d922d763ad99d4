/** What a script or style may come from: this origin, nothing else, and no text in the page. */
const OWN = ["'self'", "'none'", "'wasm-unsafe-eval'", "'report-sample'"]
const REQUIRED: Record<string, readonly string[]> = {
  'script-src': OWN,
  'script-src-elem': OWN,
  'script-src-attr': OWN,
  'style-src': OWN,
  'worker-src': OWN,
  'frame-src': OWN,
  'object-src': ["'none'"],
  'base-uri': ["'none'", "'self'"],
  'form-action': ["'none'", "'self'"],
  'frame-ancestors': ["'none'"],
}
/** What stands for a directive that is not there; these three have no such. */
const FALLBACK: Record<string, string[]> = {
  'script-src-elem': ['script-src'],
  'script-src-attr': ['script-src'],
  'worker-src': ['child-src', 'script-src'],
  'frame-src': ['child-src'],
}
const ALONE = ['base-uri', 'form-action', 'frame-ancestors']

/**
 * What a content security policy lacks to keep foreign scripts, styles, forms and frames out of a page, as `directive`
 * names; empty when nothing. A header may carry several policies, all of which count: one that suffices is enough.
 */
export function policyGaps(header: string | undefined): string[] {
  const each = (header ?? '').split(',').map((policy) => gapsOf(directives(policy)))
  return each.reduce((least, gaps) => (gaps.length < least.length ? gaps : least))
}

function directives(policy: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const part of policy.split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/)
    // Of one that is there twice the first counts.
    if (name && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), sources)
  }
  return found
}

function gapsOf(found: Map<string, string[]>): string[] {
  return Object.entries(REQUIRED)
    .filter(([name, allowed]) => {
      const names = [name, ...(FALLBACK[name] ?? []), ...(ALONE.includes(name) ? [] : ['default-src'])]
      const sources = names.map((one) => found.get(one)).find((one) => one !== undefined)
      // No source at all is 'none'.
      return sources === undefined || !sources.every((source) => allowed.includes(source.toLowerCase()))
    })
    .map(([name]) => name)
}
