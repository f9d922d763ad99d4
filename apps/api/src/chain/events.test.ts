import { datasetRegistryAbi, rewardPoolAbi } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import { Interface } from 'ethers'
import { positionOf, readEvent } from './events.js'

const registry = new Interface(datasetRegistryAbi)
const rewards = new Interface(rewardPoolAbi)
const word = (digit: string) => `0x${digit.repeat(64)}`

function logOf(abi: Interface, name: string, values: unknown[]) {
  const { topics, data } = abi.encodeEventLog(name, values)
  return { address: '0xabc', blockNumber: 7, index: 3, transactionHash: word('f'), topics, data }
}

describe('readEvent', () => {
  it('names arguments, writes integers in decimal and finds the keys', () => {
    const log = logOf(registry, 'ConsentUpdated', [word('a'), 17n, 0n, true, 123n])
    expect(readEvent(registry, log, new Date(0))).toMatchObject({
      position: positionOf(7, 3),
      name: 'ConsentUpdated',
      args: { dataset: word('a'), purposes: '17', expires: '0', ask: true, issued: '123' },
      dataset: word('a'),
      account: null,
    })
    const claimed = logOf(rewards, 'Claimed', [`0x${'1'.repeat(40)}`, 5n, 9n])
    expect(readEvent(rewards, claimed, new Date(0))).toMatchObject({
      account: `0x${'1'.repeat(40)}`,
      dataset: null,
    })
  })

  it('leaves out what says nothing about a row, and what is not in the interface', () => {
    const skipped = logOf(registry, 'Skipped', [1n, '0x12345678'])
    expect(readEvent(registry, skipped, new Date(0))).toBeNull()
    expect(readEvent(registry, { ...skipped, topics: [word('9')] }, new Date(0))).toBeNull()
  })
})

describe('positionOf', () => {
  it('orders by block, then by place in it', () => {
    const places = [positionOf(1, 0), positionOf(1, 1), positionOf(1, 999_999), positionOf(2, 0)]
    expect([...places].sort((a, b) => (a < b ? -1 : 1))).toEqual(places)
  })
})
