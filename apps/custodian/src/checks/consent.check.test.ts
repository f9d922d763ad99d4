import { readFileSync } from 'node:fs'
import { type Address, FLAGS } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import type { DatasetSlot, RequestRecord } from '../chain/contracts.js'
import { checkConsent } from './consent.check.js'

const owner: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const nobody: Address = '0x0000000000000000000000000000000000000000'
const NOW = 1_000
const request = { pool: 1, purposes: 0b10 } as RequestRecord
const slot: DatasetSlot = { owner, pool: 1, purposes: 0b11, expires: 0, flags: FLAGS.rawRoot }
const facts = (change: Partial<DatasetSlot> = {}, approval: number | null = null) => ({
  slot: { ...slot, ...change },
  approval,
})
const NONE = 0
const YES = 1
const NO = 2

const vectors = JSON.parse(
  readFileSync(new URL('../../../../test/vectors/refusals.json', import.meta.url), 'utf8'),
)

describe('check 4, consent', () => {
  describe('decides the shared cases', () => {
    const { template, state, cases } = vectors.Release
    for (const { name, code, change, state: other } of cases) {
      it(name, () => {
        const asked = { ...template, ...change }
        const { dataset, approval } = { ...state, ...other }
        const given = ['none', 'granted', 'refused'].indexOf(approval)
        const seen = {
          slot: dataset && {
            ...dataset,
            owner,
            flags: (dataset.ask ? FLAGS.ask : 0) | (dataset.withdrawn ? FLAGS.withdrawn : 0),
          },
          approval: given,
        }
        const check = () => checkConsent(vectors.now, asked, seen, [seen])
        if (code === null) check()
        else expect(check).toThrow(expect.objectContaining({ code }))
      })
    }
  })

  describe('lets any endpoint forbid and only the confirmed block permit', () => {
    const refusals: [string, Parameters<typeof facts>, Parameters<typeof facts>[], string][] = [
      ['withdrawn at the latest block', [], [[], [{ flags: FLAGS.withdrawn }]], 'CONSENT_WITHDRAWN'],
      ['narrowed at the latest block', [], [[{ purposes: 1 }]], 'CONSENT_PURPOSE_MISSING'],
      ['shortened at the latest block', [], [[{ expires: NOW }]], 'CONSENT_EXPIRED'],
      ['widened, not confirmed yet', [{ purposes: 1 }], [[{}]], 'CONSENT_PURPOSE_MISSING'],
      ['put into ask mode at the latest block', [], [[{ flags: FLAGS.ask }]], 'APPROVAL_MISSING'],
      [
        'approved, not confirmed yet',
        [{ flags: FLAGS.ask }, NONE],
        [[{ flags: FLAGS.ask }, YES]],
        'APPROVAL_MISSING',
      ],
      [
        'refused at the latest block',
        [{ flags: FLAGS.ask }, YES],
        [[{ flags: FLAGS.ask }, NO]],
        'APPROVAL_REFUSED',
      ],
    ]
    it.each(refusals)('%s', (_, confirmed, latest, code) => {
      const check = () =>
        checkConsent(
          NOW,
          request,
          facts(...confirmed),
          latest.map((args) => facts(...args)),
        )
      expect(check).toThrow(expect.objectContaining({ code }))
    })

    it('registered, not confirmed yet', () => {
      const check = () => checkConsent(NOW, request, facts({ owner: nobody }), [facts()])
      expect(check).toThrow(expect.objectContaining({ code: 'DATASET_UNKNOWN' }))
    })

    it('while an endpoint that is behind forbids nothing', () => {
      expect(
        checkConsent(NOW, request, facts(), [facts({ owner: nobody }), { slot: null, approval: null }]),
      ).toEqual(slot)
      const asking = { flags: FLAGS.ask }
      expect(checkConsent(NOW, request, facts(asking, YES), [facts(asking, NONE)])).toMatchObject(asking)
    })
  })
})
