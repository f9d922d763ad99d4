import type { FeeData, Transaction, TransactionRequest } from 'ethers'

// What a unit of gas costs, in wei. Chains without a base fee have one price, all others a fee and a tip within it.

/** What blocks ask at the moment; `base` is null on a chain without a base fee. */
export interface Market {
  base: bigint | null
  tip: bigint
  price: bigint
}

export type Price = Required<Pick<TransactionRequest, 'maxFeePerGas' | 'maxPriorityFeePerGas' | 'gasPrice'>>

const GWEI = 10n ** 9n

export function marketOf({ maxFeePerGas, maxPriorityFeePerGas, gasPrice }: FeeData): Market {
  const tip = maxPriorityFeePerGas ?? GWEI
  // Ethers says twice the base fee and the tip.
  const base = maxFeePerGas === null ? null : (maxFeePerGas - tip) / 2n
  return { base, tip, price: gasPrice ?? 0n }
}

/** A price that is good for some full blocks, not above `most`; null when the next block asks more than that. */
export function priceOf({ base, tip, price }: Market, most: bigint): Partial<Price> | null {
  if (base === null) return price > most ? null : { gasPrice: price }
  if (base + tip > most) return null
  return { maxPriorityFeePerGas: tip, maxFeePerGas: least(2n * base + tip, most) }
}

/**
 * The price to send the same call again under the same number: a quarter above the last one at least, since nodes want a
 * tenth, with twice the tip. Null when that is above `most` or would not be enough for the next block.
 */
export function higherPrice(
  last: Pick<Transaction, 'maxFeePerGas' | 'maxPriorityFeePerGas' | 'gasPrice'>,
  market: Market,
  most: bigint,
): Partial<Price> | null {
  const before = last.maxFeePerGas ?? last.gasPrice ?? 0n
  const needed = more(before, 10n)
  if (last.maxFeePerGas === null) {
    const gasPrice = least(greatest(more(before, 4n), market.price), most)
    return gasPrice < needed ? null : { gasPrice }
  }
  const tip = greatest(2n * (last.maxPriorityFeePerGas ?? 0n), market.tip)
  const fee = least(greatest(more(before, 4n), 2n * (market.base ?? 0n) + tip), most)
  if (fee < needed || fee < (market.base ?? 0n)) return null
  return { maxFeePerGas: fee, maxPriorityFeePerGas: least(tip, fee) }
}

/** Whether the next block would leave it out for its price alone. */
export function isTooCheap(last: Pick<Transaction, 'maxFeePerGas'>, { base }: Market): boolean {
  return base !== null && last.maxFeePerGas !== null && last.maxFeePerGas < base
}

export const fromGwei = (gwei: number): bigint => BigInt(Math.round(gwei * 1e9))

const more = (amount: bigint, part: bigint) => amount + amount / part + 1n
const least = (a: bigint, b: bigint) => (a < b ? a : b)
const greatest = (a: bigint, b: bigint) => (a > b ? a : b)
