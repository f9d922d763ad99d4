import type { RequestResource, UseResource } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import { decimal, escrowLeft, historyCsv, invoiceCsv, invoiceOf } from './invoice.js'

const token = { symbol: 'gUSD', decimals: 18 }
const request = {
  id: `0x${'11'.repeat(32)}`,
  trainer: '0x0000000000000000000000000000000000000001',
  pool: 3,
  purposes: ['evaluation', 'commercial'],
  count: 3,
  price: '2000000000000000001',
  escrowed: '6000000000000000003',
  spent: '2000000000000000001',
  refunded: '1000000000000000000',
  status: 'final',
  expires: '2026-11-27T00:00:00.000Z',
  opened: { time: '2026-11-26T00:00:00.000Z', transaction: `0x${'22'.repeat(32)}`, block: 1 },
} as unknown as RequestResource
const use = {
  dataset: `0x${'33'.repeat(32)}`,
  owner: '0x0000000000000000000000000000000000000002',
  amount: '1700000000000000001',
  settlement: 4,
  transaction: `0x${'44'.repeat(32)}`,
  time: '2026-11-26T01:00:00.000Z',
} as unknown as UseResource

describe('the account of a request', () => {
  it('comes out to the unit', () => {
    const invoice = invoiceOf(request, [use], token)
    expect(escrowLeft(request)).toBe(3000000000000000002n)
    expect(BigInt(invoice.toOwners) + BigInt(invoice.toCustodiansAndTreasury)).toBe(BigInt(invoice.used))
    expect(BigInt(invoice.used) + BigInt(invoice.returned) + BigInt(invoice.inEscrow)).toBe(
      BigInt(invoice.paid),
    )
  })

  it('is a table with a line a use, to the last unit', () => {
    const [head, line, end] = invoiceCsv(invoiceOf(request, [use], token)).split('\r\n')
    expect(head?.split(',')).toHaveLength(9)
    expect(line?.split(',').slice(3, 6)).toEqual(['2.000000000000000001', '1.700000000000000001', 'gUSD'])
    expect(end).toBe('')
  })

  it('is no formula in a spreadsheet, and no second cell', () => {
    const csv = historyCsv([request], { symbol: '=CMD("a,b")', decimals: 18 })
    expect(csv).toContain(`"'=CMD(""a,b"")"`)
  })
})

it.each([
  ['0', '0'],
  ['1', '0.000000000000000001'],
  ['1500000000000000000', '1.5'],
  ['10000000000000000000', '10'],
])('%s is written %s', (smallest, written) => expect(decimal(smallest, 18)).toBe(written))
