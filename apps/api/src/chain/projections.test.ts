import { describe, expect, it } from '@jest/globals'
import type { ChainEvent } from './events.js'
import {
  foldApproval,
  foldClaimed,
  foldDataset,
  foldPool,
  foldRequest,
  foldTrainer,
  type SettlementFacts,
} from './projections.js'

const ID = `0x${'a'.repeat(64)}`
let position = 0n

function event(name: string, args: ChainEvent['args'], keys: Partial<ChainEvent> = {}): ChainEvent {
  position += 1n
  return {
    position,
    block: position,
    transaction: `0x${position}`,
    time: new Date(Number(position) * 1000),
    contract: '0x',
    name,
    args,
    dataset: null,
    request: null,
    account: null,
    pool: null,
    proposal: null,
    ...keys,
  }
}

const contributed = () =>
  event(
    'Contributed',
    { owner: '0x1', content: '0x2', metadata: '0x3', pool: '4', purposes: '5', expires: '0', flags: '3' },
    { dataset: ID },
  )
const updated = (purposes: string, ask: boolean) =>
  event('ConsentUpdated', { purposes, expires: '99', ask, issued: '1' }, { dataset: ID })
const withdrawn = () => event('Withdrawn', { owner: '0x1', content: '0x2' }, { dataset: ID })

describe('foldDataset', () => {
  it('makes nothing of a withdrawal that came first', () => {
    expect(foldDataset([withdrawn()])).toBeNull()
  })

  it('reads flags, the last consent and the withdrawal, and keeps the place of the contribution', () => {
    const first = contributed()
    expect(foldDataset([first])).toMatchObject({ ask: true, rawRoot: true, withdrawn: false, purposes: 5n })
    const row = foldDataset([first, updated('1', false), updated('2', true), withdrawn(), withdrawn()])
    expect(row).toMatchObject({
      ask: true,
      withdrawn: true,
      purposes: 2n,
      expires: 99n,
      position: first.position,
    })
  })
})

describe('foldPool', () => {
  it('has the last price, and may open again', () => {
    const made = event('PoolCreated', { pool: '1', terms: '0x9', lowestPrice: '1', price: '5' }, { pool: 1 })
    const price = event('PoolPriceChanged', { pool: '1', price: '7' }, { pool: 1 })
    const close = (closed: boolean) => event('PoolClosed', { pool: '1', closed }, { pool: 1 })
    expect(foldPool([made, price, close(true)])).toMatchObject({ price: '7', lowestPrice: '1', closed: true })
    expect(foldPool([made, close(true), close(false)])?.closed).toBe(false)
    expect(foldPool([price])).toBeNull()
  })
})

describe('foldTrainer', () => {
  const account = { account: '0xT' }
  const applied = () => event('Applied', { trainer: '0xT', profile: '0xp' }, account)
  const approved = () => event('Approved', { trainer: '0xT', until: '50', profile: '0xq' }, account)

  it('follows applications, approvals, revocations and suspensions', () => {
    expect(foldTrainer([applied()])).toMatchObject({ applied: true, approvedUntil: 0n, profile: '0xp' })
    expect(foldTrainer([applied(), approved()])).toMatchObject({
      applied: false,
      approvedUntil: 50n,
      profile: '0xq',
    })
    const revoked = event('Revoked', { trainer: '0xT' }, account)
    expect(foldTrainer([approved(), revoked])).toMatchObject({ revoked: true })
    expect(foldTrainer([approved(), revoked, applied()])).toMatchObject({ revoked: true, applied: true })
    expect(foldTrainer([revoked, approved()])).toMatchObject({ revoked: false })
    const suspended = event('Suspended', { trainer: '0xT', suspended: true }, account)
    expect(foldTrainer([approved(), suspended])).toMatchObject({ suspended: true })
  })

  it('takes an application that is sent again for nothing new while an approval is in effect', () => {
    const of = (profile: string, time: number) => ({
      ...event('Applied', { trainer: '0xT', profile }, account),
      time: new Date(time * 1000),
    })
    const until = (end: string) => event('Approved', { trainer: '0xT', until: end, profile: '0xb' }, account)
    const before = [of('0xa', 10), of('0xb', 20), until('1000')]
    const approved = { applied: false, profile: '0xb', approvedUntil: 1000n }
    expect(foldTrainer([...before, of('0xa', 30), of('0xb', 1000)])).toMatchObject(approved)
    expect(foldTrainer([...before, of('0xc', 30)])).toMatchObject({ applied: true, profile: '0xc' })
    expect(foldTrainer([...before, of('0xb', 1001)])).toMatchObject({ applied: true, profile: '0xb' })
    const revoked = event('Revoked', { trainer: '0xT' }, account)
    expect(foldTrainer([...before, revoked, of('0xa', 40)])).toMatchObject({ applied: true, revoked: true })
  })

  it('makes no trainer of somebody who only claimed or joined', () => {
    expect(foldTrainer([event('Transfer', { to: '0xT', value: '1' }, account)])).toBeNull()
    const claim = event('Claimed', { account: '0xT', amount: '1', total: '1' }, account)
    expect(foldTrainer([claim])).toBeNull()
    expect(
      foldClaimed([claim, event('Claimed', { account: '0xT', amount: '2', total: '3' }, account)]),
    ).toEqual({
      account: '0xT',
      total: '3',
    })
  })
})

describe('foldRequest', () => {
  const request = { request: ID }
  const opened = event(
    'RequestOpened',
    {
      trainer: '0xT',
      pool: '1',
      purposes: '2',
      count: '3',
      price: '10',
      expires: '100',
      window: '60',
      manifestRoot: '0xr',
      manifestDocument: '0xd',
      recipient: '0xc',
      treasuryBps: '500',
      custodiansBps: '1000',
    },
    request,
  )

  const spent = (amount: string) => event('RequestSpent', { amount }, request)
  const returned = (amount: string) => event('RequestReturned', { amount }, request)
  const back = (amount: string) => event('RequestRefunded', { trainer: '0xT', amount }, request)
  const final = (settlement: string) => event('RequestFinal', { settlement }, request)
  const reopened = (settlement: string) => event('RequestReopened', { settlement }, request)
  const settlement = (number: number, sequence: number): SettlementFacts => {
    position += 1n
    return { number, sequence, position, effectiveFrom: BigInt(1000 + sequence), voided: null }
  }

  it('sums what was spent and what went back', () => {
    expect(foldRequest([opened], [])).toMatchObject({
      spent: '0',
      refunded: '0',
      isFinal: false,
      isRefunded: false,
    })
    expect(foldRequest([opened, spent('10'), spent('10')], [])?.spent).toBe('20')
    const third = settlement(3, 5)
    const events = [opened, spent('20'), final('3')]
    expect(foldRequest(events, [third])).toMatchObject({
      isFinal: true,
      finalBy: 5,
      finalFrom: 1005n,
      isRefunded: false,
    })
    expect(foldRequest([...events, back('0')], [third])).toMatchObject({ isRefunded: true, refunded: '0' })
  })

  it('gives back what a voided settlement took, to the escrow or, once refunded, to the trainer', () => {
    expect(foldRequest([opened, spent('20'), returned('20'), spent('10')], [])).toMatchObject({
      spent: '10',
      refunded: '0',
    })
    expect(foldRequest([opened, spent('20'), back('10'), returned('20')], [])).toMatchObject({
      spent: '0',
      refunded: '30',
      isRefunded: true,
    })
  })

  it('is not final by what was voided, before and after that was given back, and may be final again', () => {
    const voided = { ...settlement(3, 5), voided: position + 10n }
    const first = final('3')
    expect(foldRequest([opened, first], [voided])).toMatchObject({ isFinal: false, finalBy: 5 })
    expect(foldRequest([opened, first, reopened('3')], [voided])).toMatchObject({
      isFinal: false,
      finalBy: null,
      finalFrom: null,
    })
    const again = settlement(3, 6)
    const second = final('3')
    for (const events of [
      [opened, first, second],
      [opened, first, reopened('3'), second],
    ])
      expect(foldRequest(events, [voided, again])).toMatchObject({
        isFinal: true,
        finalBy: 6,
        finalFrom: 1006n,
      })
    expect(foldRequest([opened, first], [voided, again])).toMatchObject({ isFinal: false, finalBy: 5 })
  })
})

describe('foldApproval', () => {
  it('is the last answer', () => {
    const answer = (granted: boolean) => event('ApprovalGiven', { granted }, { request: ID, dataset: ID })
    expect(foldApproval([answer(true), answer(false)])?.granted).toBe(false)
    expect(foldApproval([])).toBeNull()
  })
})
