// The account of one request, from what the chain and its settlements say.
import type { RequestResource, UseResource } from '@granary/protocol'

type Token = { symbol: string; decimals: number }

/** What of a request has neither been used nor come back. */
export function escrowLeft({ escrowed, spent, refunded }: RequestResource): bigint {
  return BigInt(escrowed) - BigInt(spent) - BigInt(refunded)
}

/** Amounts in the token's smallest unit, as the rest of Granary writes them. */
export interface Invoice {
  version: 'granary/invoice/v1'
  request: string
  trainer: string
  pool: number
  purposes: string[]
  token: Token
  opened: { time: string; transaction: string }
  expires: string
  price: string
  datasets: number
  paid: string
  used: string
  toOwners: string
  toCustodiansAndTreasury: string
  returned: string
  inEscrow: string
  uses: {
    dataset: string
    owner: string
    price: string
    toOwner: string
    settlement: number
    transaction: string
    time: string
  }[]
}

export function invoiceOf(request: RequestResource, uses: readonly UseResource[], token: Token): Invoice {
  const toOwners = uses.reduce((sum, use) => sum + BigInt(use.amount), 0n)
  const settled = BigInt(request.price) * BigInt(uses.length)
  return {
    version: 'granary/invoice/v1',
    request: request.id,
    trainer: request.trainer,
    pool: request.pool,
    purposes: [...request.purposes],
    token,
    opened: { time: request.opened.time, transaction: request.opened.transaction },
    expires: request.expires,
    price: request.price,
    datasets: request.count,
    paid: request.escrowed,
    used: request.spent,
    toOwners: String(toOwners),
    toCustodiansAndTreasury: String(settled - toOwners),
    returned: request.refunded,
    inEscrow: String(escrowLeft(request)),
    uses: uses.map(({ dataset, owner, amount, settlement, transaction, time }) => ({
      dataset,
      owner,
      price: request.price,
      toOwner: amount,
      settlement,
      transaction,
      time,
    })),
  }
}

export const invoiceJson = (invoice: Invoice): string => `${JSON.stringify(invoice, null, 2)}\n`

/** One line a use, amounts in whole tokens. */
export function invoiceCsv(invoice: Invoice): string {
  const { token } = invoice
  return csv([
    ['request', 'dataset', 'owner', 'price', 'to owner', 'token', 'settlement', 'transaction', 'time'],
    ...invoice.uses.map((use) => [
      invoice.request,
      use.dataset,
      use.owner,
      decimal(use.price, token.decimals),
      decimal(use.toOwner, token.decimals),
      token.symbol,
      String(use.settlement),
      use.transaction,
      use.time,
    ]),
  ])
}

/** One line a request, amounts in whole tokens. */
export function historyCsv(requests: readonly RequestResource[], token: Token): string {
  const sum = (value: string) => decimal(value, token.decimals)
  return csv([
    [
      ...['request', 'opened', 'expires', 'status', 'pool', 'purposes', 'datasets', 'price'],
      ...['paid', 'used', 'returned', 'in escrow', 'token', 'transaction'],
    ],
    ...requests.map((request) => [
      ...[request.id, request.opened.time, request.expires, request.status, String(request.pool)],
      ...[request.purposes.join(' '), String(request.count), sum(request.price), sum(request.escrowed)],
      ...[sum(request.spent), sum(request.refunded), sum(String(escrowLeft(request)))],
      ...[token.symbol, request.opened.transaction],
    ]),
  ])
}

/** `1500000000000000000` of 18 decimals → `1.5`, to the last unit. */
export function decimal(smallest: string, decimals: number): string {
  const digits = BigInt(smallest)
    .toString()
    .padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** RFC 4180. What a spreadsheet would take for a formula is kept from being one. */
function csv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}
