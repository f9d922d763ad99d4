import { describe, expect, it } from '@jest/globals'
import { ownScript } from './trusted-types.js'

const PAGE = 'https://granary.example/datasets?x=1'

describe('what may be loaded as a script by its address', () => {
  it.each([
    'https://evil.example/assets/seal.js',
    '//evil.example/assets/seal.js',
    'http://granary.example/assets/seal.js',
    'https://granary.example:444/assets/seal.js',
    'https://granary.example@evil.example/assets/seal.js',
    'https://somebody@granary.example/assets/seal.js',
    '/ipfs/bafkreia?filename=seal.js',
    '/v1/datasets/0x00/content',
    '/assets/../v1/x.js',
    '/assets/seal.js?x=1',
    '/assets/seal.js#x',
    '/assets/seal.css',
    'blob:https://granary.example/0a1b',
    'data:text/javascript,alert(1)',
    'javascript:alert(1)',
  ])('is not %s', (url) => {
    expect(ownScript(url, PAGE)).toBeNull()
  })

  it.each(['/assets/seal.worker-CVecVLvo.js', 'https://granary.example/assets/a_b-c.js'])('is %s', (url) => {
    expect(ownScript(url, PAGE)).toBe(url)
  })
})
