import { describe, expect, it } from '@jest/globals'
import { type GatewayQuery, gatewayQuery, readRequest } from './gateway.request.js'

const codeOf = (query: GatewayQuery, accept?: string) => {
  try {
    readRequest(query, accept)
  } catch (error) {
    return (error as { code?: string }).code
  }
  return 'taken'
}

describe('what a gateway is asked for', () => {
  it('must be said', () => {
    expect(codeOf({})).toBe('FORMAT_MISSING')
    expect(codeOf({}, ' ')).toBe('FORMAT_MISSING')
  })

  it.each([
    [{}, '*/*'],
    [{}, 'text/html'],
    [{ format: 'tar' }, 'application/vnd.ipld.raw'],
    [{ format: 'car' }, 'application/vnd.ipld.car; version=2'],
    [{ format: 'car' }, 'application/vnd.ipld.car; order=bfs'],
    [{}, 'application/vnd.ipld.car; dups=maybe'],
    [{}, 'application/vnd.ipld.raw; q=0'],
  ])('%p with %p is refused', (query, accept) => expect(codeOf(query, accept)).toBe('NOT_ACCEPTABLE'))

  it.each(['0', '0:', ':5', '*:5', '1:2:3', 'a:b', '0:5x', `0:${'9'.repeat(20)}`])(
    'entity-bytes=%s is refused',
    (text) => expect(gatewayQuery.safeParse({ 'entity-bytes': text }).success).toBe(false),
  )

  it.each([
    [{ format: 'raw' }, undefined, { type: 'raw' }],
    [{}, 'text/html, application/vnd.ipld.raw', { type: 'raw' }],
    [{}, 'application/vnd.ipld.car;q=0.5, application/vnd.ipld.raw', { type: 'raw' }],
    [{ format: 'raw' }, 'application/vnd.ipld.car', { type: 'raw' }],
    [
      {},
      'application/vnd.ipld.car; order=foo, application/vnd.ipld.car; order=dfs; dups=y; q=0.5',
      { type: 'car', scope: 'all', bytes: null, duplicates: true },
    ],
    [{ format: 'car' }, undefined, { type: 'car', scope: 'all', bytes: null, duplicates: false }],
    [
      { format: 'car', 'dag-scope': 'block' as const },
      'application/vnd.ipld.car; dups=y',
      { type: 'car', scope: 'block', bytes: null, duplicates: true },
    ],
    [
      { format: 'car', 'car-dups': 'n' as const },
      'application/vnd.ipld.car; dups=y',
      { type: 'car', scope: 'all', bytes: null, duplicates: false },
    ],
    [
      { format: 'car', 'dag-scope': 'all' as const, 'entity-bytes': '-10:*' },
      undefined,
      { type: 'car', scope: 'entity', bytes: { from: -10, to: null }, duplicates: false },
    ],
  ])('%p with %p is %p', (query, accept, wanted) => expect(readRequest(query, accept)).toEqual(wanted))
})
