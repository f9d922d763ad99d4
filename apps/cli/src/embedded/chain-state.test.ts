import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { keepSpare, repairState, stateFile } from './chain-state.js'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'granary-chain-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('the saved chain', () => {
  it('needs nothing when there is none or it is whole', () => {
    expect(repairState(dir)).toBeUndefined()
    writeFileSync(stateFile(dir), '{"block":1}')
    expect(repairState(dir)).toBeUndefined()
  })

  it('is refused when it is cut short and there is no copy', () => {
    writeFileSync(stateFile(dir), '{"block":')
    expect(() => repairState(dir)).toThrow(expect.objectContaining({ code: 'CHAIN_STATE_BROKEN' }))
  })

  it('is put back from its last whole copy', async () => {
    writeFileSync(stateFile(dir), '{"block":1}')
    const forget = keepSpare(dir)
    await sleep(2_500)
    writeFileSync(stateFile(dir), '{"block":2')
    await sleep(2_500)
    forget()
    expect(repairState(dir)).toBeDefined()
    expect(readFileSync(stateFile(dir), 'utf8')).toBe('{"block":1}')
  })
})
