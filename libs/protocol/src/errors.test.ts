import { describe, expect, it } from '@jest/globals'
import { id as keccakOfText } from 'ethers'
import { contractErrorCode, contractErrors, upperSnake } from './contract-errors.js'
import {
  ERRORS,
  type ErrorCode,
  errorCode,
  fromProblem,
  GranaryError,
  isErrorCode,
  problem,
  toGranaryError,
} from './errors.js'

const codes = Object.keys(ERRORS) as ErrorCode[]

describe('the catalogue', () => {
  it.each(codes)('%s has a status and a sentence', (code) => {
    const { status, title } = ERRORS[code]
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    expect(title).toMatch(/^[A-Z`].{15,}\.$/)
    expect(title.length).toBeLessThanOrEqual(110)
  })

  it('has a code for every custom error of the contracts', () => {
    const names = [...contractErrors().values()]
    expect(names.length).toBeGreaterThan(50)
    expect(names.filter((name) => !isErrorCode(upperSnake(name)))).toEqual([])
  })

  it('takes no member of Object for a code', () => {
    expect([isErrorCode('constructor'), isErrorCode('toString'), isErrorCode(undefined)]).toEqual([
      false,
      false,
      false,
    ])
  })
})

describe('a contract error', () => {
  it('is known by name, selector and revert data', () => {
    const selector = keccakOfText('NothingToClaim(address)').slice(0, 10)
    const known = [...contractErrors()].find(([, name]) => name === 'DatasetExists')!
    expect(contractErrorCode('DatasetExists')).toBe('DATASET_EXISTS')
    expect(contractErrorCode(known[0])).toBe('DATASET_EXISTS')
    expect(contractErrorCode(`${known[0]}${'0'.repeat(64)}`)).toBe('DATASET_EXISTS')
    expect(contractErrorCode(known[0].toUpperCase().replace('0X', '0x'))).toBe('DATASET_EXISTS')
    expect(['NOTHING_TO_CLAIM', 'CONTRACT_REVERTED']).toContain(contractErrorCode(selector))
  })

  it.each([null, undefined, '', '0x', '0xdeadbeef', 'Panic', 'constructor'])(
    '%p is CONTRACT_REVERTED',
    (what) => {
      expect(contractErrorCode(what)).toBe('CONTRACT_REVERTED')
    },
  )

  it.each([
    ['DatasetExists', 'DATASET_EXISTS'],
    ['ERC20InsufficientBalance', 'ERC20_INSUFFICIENT_BALANCE'],
    ['SafeERC20FailedOperation', 'SAFE_ERC20_FAILED_OPERATION'],
    ['ECDSAInvalidSignatureS', 'ECDSA_INVALID_SIGNATURE_S'],
    ['ERC2612ExpiredSignature', 'ERC2612_EXPIRED_SIGNATURE'],
  ])('%s has the code %s', (name, code) => expect(upperSnake(name)).toBe(code))
})

describe('a problem document', () => {
  it('tells code, status, title and facts, and becomes the same error again', () => {
    const error = new GranaryError('PRICE_ABOVE_MAXIMUM', { price: 5n, most: '4' })
    const body = problem(error)
    expect(body).toEqual({
      type: 'urn:granary:problem:PRICE_ABOVE_MAXIMUM',
      title: ERRORS.PRICE_ABOVE_MAXIMUM.title,
      status: 422,
      code: 'PRICE_ABOVE_MAXIMUM',
      detail: `${ERRORS.PRICE_ABOVE_MAXIMUM.title} (price: 5, most: 4)`,
      price: '5',
      most: '4',
    })
    const again = fromProblem(JSON.parse(JSON.stringify(body)))
    expect(again).toBeInstanceOf(GranaryError)
    expect(again).toMatchObject({
      code: error.code,
      status: 422,
      message: error.message,
      detail: { price: '5', most: '4' },
    })
  })

  it('does not let facts replace its own members', () => {
    const error = new GranaryError('CONFLICT', 'so it is', {
      detail: { code: 'OTHER', status: 200, type: 'x', why: 1 },
    })
    expect(problem(error)).toMatchObject({ code: 'CONFLICT', status: 409, detail: 'so it is', why: 1 })
  })

  it.each(codes)('of %s comes back', (code) => {
    expect(fromProblem(problem(new GranaryError(code))).code).toBe(code)
    expect(problem(new GranaryError(code)).detail).toBeUndefined()
  })

  it('tells nothing of an error that is none of ours', () => {
    const body = problem(new Error('password is 12345'))
    expect(body.code).toBe('INTERNAL')
    expect(JSON.stringify(body)).not.toContain('12345')
    expect(problem('text').code).toBe('INTERNAL')
    expect(problem(Object.assign(new Error('no'), { code: 'NOT_FOUND' })).code).toBe('INTERNAL')
  })

  it('of a newer server is an error all the same', () => {
    const error = fromProblem({ code: 'INVENTED_LATER', status: 418, title: 'Short and stout' })
    expect(error).toMatchObject({
      code: 'UNKNOWN_PROBLEM',
      message: 'Short and stout',
      detail: { code: 'INVENTED_LATER' },
    })
    for (const nonsense of [null, undefined, 'text', 7, []])
      expect(fromProblem(nonsense).code).toBe('UNKNOWN_PROBLEM')
  })
})

describe('an error of another part', () => {
  it('keeps its code', () => {
    const sealing = Object.assign(new Error('stanza: bad proof'), {
      name: 'SealingError',
      code: 'STANZA_INVALID',
    })
    expect(errorCode(sealing)).toBe('STANZA_INVALID')
    expect(toGranaryError(sealing)).toMatchObject({
      code: 'STANZA_INVALID',
      message: 'stanza: bad proof',
      cause: sealing,
    })
    expect(problem(sealing)).toMatchObject({
      code: 'STANZA_INVALID',
      status: 422,
      detail: 'stanza: bad proof',
    })
  })
})
