import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { type Entry, Ledger } from './ledger.js'

// A disk that is full for a while: the platform's file handles fail as they do then.

describe('a ledger on a disk that fails', () => {
  let folder: string
  let handles: FileHandle
  const path = () => join(folder, 'ledger.jsonl')
  const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  const read = async () => {
    const entries: Entry[] = []
    await (await Ledger.open(path(), (entry) => entries.push(entry))).close()
    return entries.map(({ sequence, body }) => [sequence, body])
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'granary-ledger-'))
    const file = await open(path(), 'a')
    handles = Object.getPrototypeOf(file)
    await file.close()
  })
  afterEach(() => {
    jest.restoreAllMocks()
    rmSync(folder, { recursive: true, force: true })
  })

  it('refuses what does not come to the disk, and goes on without a gap once there is room', async () => {
    const ledger = await Ledger.open(path(), () => {})
    await ledger.append('receipt', 'first', 1)
    const half = jest.spyOn(handles, 'write').mockImplementationOnce((async () => {
      appendFileSync(path(), '{"sequence"')
      throw full()
    }) as never)
    const lost = await Promise.allSettled(['a', 'b', 'c'].map((body) => ledger.append('receipt', body, 2)))
    expect(lost.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    half.mockImplementationOnce((async () => {
      throw full()
    }) as never)
    await expect(ledger.append('receipt', 'still full', 3)).rejects.toThrow('ENOSPC')
    await Promise.all(['second', 'third'].map((body) => ledger.append('quorum', body, 4)))
    expect(ledger.last).toBe(3)
    await ledger.close()
    expect(await read()).toEqual([
      [1, 'first'],
      [2, 'second'],
      [3, 'third'],
    ])
  })

  it('takes nothing more after a sync that failed, until it is opened again', async () => {
    const ledger = await Ledger.open(path(), () => {})
    jest.spyOn(handles, 'datasync').mockRejectedValueOnce(new Error('EIO'))
    await expect(ledger.append('receipt', 'perhaps', 1)).rejects.toThrow('EIO')
    await expect(ledger.append('receipt', 'never', 2)).rejects.toThrow('EIO')
    await ledger.close()
    const before = await read()
    const again = await Ledger.open(path(), () => {})
    await again.append('receipt', 'next', 3)
    await again.close()
    expect(await read()).toEqual([...before, [before.length + 1, 'next']])
  })
})
