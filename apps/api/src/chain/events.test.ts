import { datasetRegistryAbi, granaryGovernorAbi, rewardPoolAbi } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import { Interface, id, keccak256 } from 'ethers'
import { positionOf, readEvent } from './events.js'

const registry = new Interface(datasetRegistryAbi)
const rewards = new Interface(rewardPoolAbi)
const governor = new Interface(granaryGovernorAbi)
const account = (digit: string) => `0x${digit.repeat(40)}`
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

  it('keeps lists, and a proposal by its id', () => {
    const calls = [[account('1')], [7n], [''], ['0xabcd']]
    const log = logOf(governor, 'ProposalCreated', [5n, account('2'), ...calls, 10n, 20n, 'why'])
    expect(readEvent(governor, log, new Date(0))).toMatchObject({
      proposal: `0x${'5'.padStart(64, '0')}`,
      args: {
        proposer: account('2'),
        targets: [account('1')],
        values: ['7'],
        calldatas: ['0xabcd'],
        description: 'why',
        descriptionHash: id('why'),
      },
    })
  })

  it('is not stopped by a text that is none, and keeps its hash', () => {
    const asBytes = new Interface([
      'event ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,bytes)',
    ])
    const bytes = '0x61ff0062'
    const made = asBytes.encodeEventLog('ProposalCreated', [
      5n,
      account('2'),
      [],
      [],
      [],
      [],
      10n,
      20n,
      bytes,
    ])
    const topics = [governor.getEvent('ProposalCreated')!.topicHash]
    const log = {
      address: '0xabc',
      blockNumber: 7,
      index: 3,
      transactionHash: word('f'),
      topics,
      data: made.data,
    }
    expect(readEvent(governor, log, new Date(0))?.args).toMatchObject({
      description: 'a\ufffd\ufffdb',
      descriptionHash: keccak256(bytes),
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
