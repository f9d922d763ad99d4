import { Interface } from 'ethers'
import { ABIS } from '../test/support/contracts.js'
import type { CustodyNetwork } from '../test/support/custody.js'

/** Gas of a storage slot that is written once in a transaction (EIP-2929, EIP-3529). */
const FILLED = 22_100
const CHANGED = 5_000
const TRANSACTION = 21_000

export interface CallGas {
  call: string
  /** What one transaction carries, where that varies: messages of a batch, members, uses. */
  items: number
  gas: number
  /** Of the slots that it wrote and of the transaction itself: there is no way below. */
  floor: number
  slots: number
}

type Slots = Record<string, { storage?: Record<string, string> }>

/** What every successful contract call on this chain cost, with the slots that it wrote, from the chain's own traces. */
export async function gasByCall(network: CustodyNetwork): Promise<CallGas[]> {
  const { provider, deployment } = network
  const contracts = new Map(
    Object.entries(ABIS).map(([name, abi]) => [
      String(deployment[name as keyof typeof deployment]).toLowerCase(),
      { name: `${name[0]!.toUpperCase()}${name.slice(1)}`, abi: new Interface(abi) },
    ]),
  )
  const found: CallGas[] = []
  const last = await provider.getBlockNumber()
  for (let number = 1; number <= last; number++) {
    const block = (await provider.getBlock(number, true))!
    for (const transaction of block.prefetchedTransactions) {
      const contract = contracts.get(transaction.to?.toLowerCase() ?? '')
      const call = contract?.abi.parseTransaction({ data: transaction.data })
      const receipt = await provider.getTransactionReceipt(transaction.hash)
      if (!contract || !call || receipt?.status !== 1) continue
      const { pre, post } = await provider.send('debug_traceTransaction', [
        transaction.hash,
        { tracer: 'prestateTracer', tracerConfig: { diffMode: true } },
      ])
      const { filled, changed } = written(pre, post)
      found.push({
        call: `${contract.name}.${call.name}`,
        items: call.fragment.inputs[0]?.baseType === 'array' ? call.args[0].length : 1,
        gas: Number(receipt.gasUsed),
        floor: TRANSACTION + filled * FILLED + changed * CHANGED,
        slots: filled + changed,
      })
    }
  }
  return found
}

function written(pre: Slots, post: Slots): { filled: number; changed: number } {
  const count = { filled: 0, changed: 0 }
  const addresses = new Set([...Object.keys(pre), ...Object.keys(post)])
  for (const address of addresses) {
    const [before, after] = [pre[address]?.storage ?? {}, post[address]?.storage ?? {}]
    for (const slot of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [was, is] = [before[slot], after[slot]].map((value) => BigInt(value ?? 0))
      if (was === is) continue
      if (was === 0n) count.filled++
      else count.changed++
    }
  }
  return count
}
