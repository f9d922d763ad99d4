import { describe, expect, it } from '@jest/globals'
import { asRecord, hasEnded, keptUntil, newRecord, type Order, type SpoolRecord, standing } from './record.js'

const DAY = 86_400_000
const now = Date.UTC(2026, 10, 23)
const account = `0x${'Ab'.repeat(20)}`
const order: Order = {
  title: 'Sleep diary',
  type: 'text/csv',
  size: 31,
  pool: 1,
  purposes: ['evaluation'],
  expires: new Date(now + DAY),
  ask: false,
}
const begun = newRecord('a-name', account, order, now)
const sealed: SpoolRecord = {
  ...begun,
  sealed: {
    cid: 'bafk',
    content: `0x${'00'.repeat(32)}`,
    rawRoot: true,
    size: 500,
    upload: null,
    sealedTo: 'group 31337 registry owner age1',
  },
}

describe('standing', () => {
  it('forgets after seven days, whatever it was', () => {
    expect(standing(sealed, 500, now + 7 * DAY + 1)).toBe('forgotten')
    expect(standing({ ...sealed, registered: true }, null, now + 7 * DAY + 1)).toBe('forgotten')
    expect(keptUntil(sealed)).toEqual(new Date(now + 7 * DAY))
  })

  it('takes nothing for sealed that is not whole', () => {
    expect(standing(begun, 500, now)).toBe('interrupted')
    expect(standing(begun, null, now)).toBe('interrupted')
    expect(standing(sealed, 499, now)).toBe('interrupted')
    expect(standing(sealed, null, now)).toBe('interrupted')
  })

  it('tells what is whole from what is on chain', () => {
    expect(standing(sealed, 500, now)).toBe('sealed')
    expect(standing({ ...sealed, registered: true }, null, now)).toBe('registered')
  })
})

describe('asRecord', () => {
  it.each([
    ['nothing', undefined],
    ['another version', { ...sealed, version: 'granary/web-spool/v0' }],
    ['no account', { ...sealed, account: '' }],
    ['no order', { ...sealed, order: undefined }],
    ['a purpose that there is not', { ...sealed, order: { ...order, purposes: ['fun'] } }],
    ['an end that is no date', { ...sealed, order: { ...order, expires: '2030-01-01' } }],
    ['a sealed file without its CID', { ...sealed, sealed: { ...sealed.sealed, cid: undefined } }],
    ['a content that is no digest', { ...sealed, sealed: { ...sealed.sealed, content: '0x12' } }],
    ['a sealed file that is not said to be none', { ...sealed, sealed: undefined }],
  ])('refuses %s', (_, value) => expect(asRecord(value)).toBeNull())

  it('takes its own, before and after sealing', () => {
    expect(asRecord(begun)).toBe(begun)
    expect(asRecord(sealed)).toBe(sealed)
    expect(begun.account).toBe(account.toLowerCase())
  })
})

describe('hasEnded', () => {
  it('says whether consent would be over', () => {
    expect(hasEnded(order, new Date(now))).toBe(false)
    expect(hasEnded(order, new Date(now + DAY))).toBe(true)
    expect(hasEnded({ ...order, expires: null }, new Date(now + DAY))).toBe(false)
  })
})
