import { describe, expect, it } from '@jest/globals'
import { Interface } from 'ethers'
import { at, deployment } from '../../testing/deployment.js'
import { codeOf } from '../../testing/vectors.js'
import { CONTRACT_ABIS } from '../contracts.js'
import type { ContractName } from '../deployment.js'
import { describeTransaction, TRANSACTION_WORDS, type TransactionName } from './index.js'

const word = `0x${'ab'.repeat(32)}`
const call = (contract: ContractName | 'token', method: string, args: unknown[]) => ({
  to: deployment[contract],
  data: new Interface(CONTRACT_ABIS[contract] as never).encodeFunctionData(method, args),
  value: 0n,
})
const tokenCall = (method: string) => ({
  to: deployment.token as `0x${string}`,
  data: new Interface([`function ${method}(address, uint256)`]).encodeFunctionData(method, [at(1), 5n]),
  value: 0n,
})
const SENT: Record<TransactionName, ReturnType<typeof call>> = {
  ApproveTrainer: call('trainerRegistry', 'approve', [at(1), 1_900_000_000, word]),
  RevokeTrainer: call('trainerRegistry', 'revoke', [at(1)]),
  SuspendTrainer: call('trainerRegistry', 'setSuspended', [at(1), true]),
  ResumeTrainer: call('trainerRegistry', 'setSuspended', [at(1), false]),
  CancelProposal: call('governor', 'cancel', [[at(2)], [0n], ['0x1234'], word]),
  ApprovePayment: call('token', 'approve', [deployment.accessRequests, 5n]),
  DelegateVotes: call('grainToken', 'delegate', [at(1)]),
}
const say = (sent: ReturnType<typeof call>) => describeTransaction(sent, deployment)

describe('transactions in words', () => {
  const approve = SENT.ApproveTrainer
  it.each<[string, ReturnType<typeof call>]>([
    ['another contract', { ...approve, to: at(2) }],
    ['ether that goes along', { ...approve, value: 1n }],
    ['bytes after the arguments', { ...approve, data: `${approve.data}00` }],
    ['arguments that are cut off', { ...approve, data: approve.data.slice(0, -2) }],
    ['nothing but ether', { ...approve, data: '0x' }],
    ['a method that Granary never calls', call('trainerRegistry', 'setCouncil', [at(1), true])],
    ['a payment out of the wallet', tokenCall('transfer')],
    ['leave for somebody to take from it', tokenCall('approve')],
  ])('there are none for %s', (_what, sent) => {
    expect(codeOf(() => say(sent))).toBe('MESSAGE_UNKNOWN')
  })

  it.each(Object.entries(SENT) as [TransactionName, ReturnType<typeof call>][])(
    'say what %s does, with every argument',
    (name, sent) => {
      const { contract, method, fields } = TRANSACTION_WORDS[name]
      const found = say(sent)
      expect(found).toMatchObject({ name, contract, chainId: 31337, verifyingContract: deployment[contract] })
      const inputs = new Interface(CONTRACT_ABIS[contract] as never).getFunction(method)!.inputs
      expect(found.facts.map((fact) => fact.name)).toEqual(Object.keys(fields))
      expect(found.facts).toHaveLength(inputs.length)
      expect(found.cannot.length).toBeGreaterThan(1)
    },
  )

  it('tell a suspension from its end', () => {
    expect(say(SENT.SuspendTrainer).facts[1]).toMatchObject({ value: true })
    expect(say(SENT.ResumeTrainer).facts[1]).toMatchObject({ value: false })
  })
})
