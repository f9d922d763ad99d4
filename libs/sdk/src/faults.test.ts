import { describe, expect, it } from '@jest/globals'
import { createFaults } from './faults.js'

describe('quorumError', () => {
  it('names silence when too few custodians answered at all', () => {
    const faults = createFaults()
    faults.ofMember(2, 'UNREACHABLE')
    faults.ofMember(3, 'UNREACHABLE')
    expect(faults.quorumError(3, 2, false).code).toBe('CUSTODIANS_UNAVAILABLE')
  })
  it('names silence even when the only one that answered refused: the others might have agreed', () => {
    const faults = createFaults()
    faults.ofMember(1, 'TRAINER_IS_SUSPENDED')
    faults.ofMember(2, 'UNREACHABLE')
    faults.ofMember(3, 'UNREACHABLE')
    expect(faults.quorumError(3, 2, false).code).toBe('CUSTODIANS_UNAVAILABLE')
  })
  it('names what the custodians said when enough of them said it', () => {
    const faults = createFaults()
    faults.ofMember(1, 'TRAINER_IS_SUSPENDED')
    faults.ofMember(2, 'TRAINER_IS_SUSPENDED')
    faults.ofMember(3, 'UNREACHABLE')
    expect(faults.quorumError(3, 2, false).code).toBe('TRAINER_IS_SUSPENDED')
  })
})

describe('failure', () => {
  it("is the custodians' most frequent word on a dataset, else the order's", () => {
    const faults = createFaults()
    faults.ofDataset('0x1', 'CONSENT_WITHDRAWN', 'withdrawn')
    faults.ofDataset('0x1', 'CONTENT_UNAVAILABLE', 'gone')
    faults.ofDataset('0x1', 'CONSENT_WITHDRAWN', 'withdrawn')
    const otherwise = { code: 'CUSTODIANS_UNAVAILABLE', message: '' }
    expect(faults.failure('0x1', otherwise).code).toBe('CONSENT_WITHDRAWN')
    expect(faults.failure('0x2', otherwise).code).toBe('CUSTODIANS_UNAVAILABLE')
  })
})
