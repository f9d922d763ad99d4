import { describe, expect, it } from '@jest/globals'
import { policyGaps } from './policy.js'

const GOOD =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self' https://rpc.test; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
const scripts = ['script-src', 'script-src-elem', 'script-src-attr']

describe('a policy that keeps foreign scripts out', () => {
  it.each([
    ['an inline script', GOOD.replace("'wasm-unsafe-eval'", "'unsafe-inline'"), scripts],
    ['an evaluated text', GOOD.replace("'wasm-unsafe-eval'", "'unsafe-eval'"), scripts],
    ['another host', GOOD.replace("script-src 'self'", "script-src 'self' https://cdn.test"), scripts],
    ['any host', GOOD.replace("script-src 'self'", 'script-src *'), scripts],
    ['a script by its hash', GOOD.replace("script-src 'self'", "script-src 'self' 'sha256-AAAA'"), scripts],
    ['scripts from data', GOOD.replace("script-src 'self'", "script-src 'self' data:"), scripts],
    ['a wider rule for elements', `${GOOD}; script-src-elem *`, ['script-src-elem']],
    ['workers from blobs', GOOD.replace("worker-src 'self'", 'worker-src blob:'), ['worker-src']],
    ['inline styles', GOOD.replace("style-src 'self'", "style-src 'unsafe-inline'"), ['style-src']],
    ['another base', GOOD.replace("base-uri 'none'", 'base-uri *'), ['base-uri']],
    ['no word about the base', GOOD.replace("base-uri 'none'; ", ''), ['base-uri']],
    ['frames around it', GOOD.replace("; frame-ancestors 'none'", ''), ['frame-ancestors']],
    [
      'forms sent elsewhere',
      GOOD.replace("form-action 'self'", 'form-action https://else.test'),
      ['form-action'],
    ],
    ['plug-ins', GOOD.replace("default-src 'none'", "default-src 'self'"), ['object-src']],
  ])('is missing where it allows %s', (_, policy, gaps) => {
    expect(policyGaps(policy)).toEqual(gaps)
  })

  it('is missing where there is none, or an empty one', () => {
    expect(policyGaps(undefined)).toContain('script-src')
    expect(policyGaps('')).toContain('script-src')
    expect(policyGaps('upgrade-insecure-requests')).toContain('script-src')
  })

  it('is there, written in any case, beside others, and the first of two rules counts', () => {
    expect(policyGaps(GOOD)).toEqual([])
    expect(policyGaps(GOOD.replace("script-src 'self'", "SCRIPT-SRC 'SELF'"))).toEqual([])
    expect(policyGaps(`upgrade-insecure-requests, ${GOOD}`)).toEqual([])
    expect(policyGaps(`${GOOD}; script-src *`)).toEqual([])
  })
})
