import { describe, expect, it } from '@jest/globals'
import { emptyDraft, expires, inYears, missing, titleOf, typeOf, withFiles } from './draft.js'

const now = new Date(2026, 10, 23, 15)
const file = (name: string, type = '') => ({ name, type, size: 3, lastModified: 1 }) as File
const found = (path: string) => ({ file: file(path.split('/').at(-1)!), path })

describe('missing', () => {
  it('names everything that is not there, in the order of the form', () => {
    expect(missing(emptyDraft, now)).toEqual(['files', 'pool', 'purposes'])
  })

  it('does not take a permission for a use', () => {
    expect(missing({ ...emptyDraft, purposes: ['commercial'] }, now)).toContain('purposes')
  })

  it('refuses a day that has passed, no day and an empty title', () => {
    const draft = withFiles({ ...emptyDraft, pool: 1, purposes: ['evaluation'] }, [found('a.csv')]).draft
    expect(missing(draft, now)).toEqual([])
    expect(missing({ ...draft, expiry: { kind: 'date', date: '2026-11-22' } }, now)).toEqual(['expires'])
    expect(missing({ ...draft, expiry: { kind: 'date', date: '' } }, now)).toEqual(['expires'])
    expect(missing({ ...draft, files: [{ ...draft.files[0]!, title: ' ' }] }, now)).toEqual(['title'])
  })
})

describe('expires', () => {
  it('is the end of the day two years on, unless something else was chosen', () => {
    expect(expires(emptyDraft.expiry, now)).toEqual(new Date(2028, 10, 23, 23, 59, 59))
    expect(expires({ kind: 'never' }, now)).toBeNull()
  })

  it('moves 29 February to 1 March', () => {
    expect(inYears(1, new Date(2028, 1, 29))).toEqual(new Date(2029, 2, 1))
  })
})

describe('withFiles', () => {
  const titles = (...paths: string[]) =>
    withFiles(emptyDraft, paths.map(found), 3).draft.files.map(({ title }) => title)

  it('takes a file once, and says so', () => {
    const once = withFiles(emptyDraft, [found('a.csv'), found('a.csv')])
    expect(once.left).toMatchObject({ duplicate: 1 })
    const more = withFiles(once.draft, [found('a.csv'), found('b.json'), found('x/a.csv')])
    expect(more.draft.files.map(({ title }) => title)).toEqual(['a', 'b', 'x/a'])
    expect(more.left).toEqual({ hidden: 0, duplicate: 1, tooMany: 0, unreadable: 0 })
  })

  it('leaves out what is hidden, and what file managers write', () => {
    const all = ['.DS_Store', 'x/.git', 'x/Thumbs.db', '__MACOSX/a.csv', 'x/a.csv', 'x/..b']
    const { draft, left } = withFiles(emptyDraft, all.map(found))
    expect(draft.files.map(({ title }) => title)).toEqual(['x/a'])
    expect(left).toMatchObject({ hidden: 5 })
  })

  it('takes no more than the limit in all', () => {
    expect(titles('a', 'b', 'c')).toEqual(['a', 'b', 'c'])
    const { draft, left } = withFiles(emptyDraft, ['a', 'b', 'c', 'd', '.e'].map(found), 3)
    expect(draft.files).toHaveLength(3)
    expect(left).toMatchObject({ tooMany: 1, hidden: 1 })
    expect(withFiles(draft, [found('a'), found('e')], 3).left).toMatchObject({ duplicate: 1, tooMany: 1 })
  })

  it('proposes a title and a type', () => {
    expect(titleOf('trips_2025-final.csv')).toBe('trips 2025-final')
    expect(titleOf('.profile')).toBe('.profile')
    expect(titleOf('a\u202etxt.exe')).toBe('atxt')
    expect(titleOf(`a${'🌾'.repeat(150)}.csv`)).toBe(`a${'🌾'.repeat(99)}`)
    expect(typeOf(file('a.CSV', 'application/vnd.ms-excel'))).toBe('text/csv')
    expect(typeOf(file('a.jpg', 'image/jpeg'))).toBe('image/jpeg')
    expect(typeOf(file('a'))).toBe('application/octet-stream')
  })
})
