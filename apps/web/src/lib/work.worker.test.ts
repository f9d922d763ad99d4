import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { paced } from './work.worker.js'

type Told = [key: string, done: number, total: number | null]

let told: Told[]
let tell: (...step: Told) => void

beforeEach(() => {
  jest.useFakeTimers()
  told = []
  tell = paced<string>((...step) => told.push(step))
})
afterEach(() => {
  jest.useRealTimers()
})

describe('what a worker tells of how far it is', () => {
  it('says at last where it stands, when the rest does not come', () => {
    for (const done of [1, 2, 3]) tell('rye', done, 9)
    expect(told).toEqual([['rye', 1, 9]])
    jest.advanceTimersByTime(1_000)
    expect(told).toEqual([
      ['rye', 1, 9],
      ['rye', 3, 9],
    ])
  })

  it('says the end once, and nothing after it', () => {
    for (const done of [1, 8, 9]) tell('rye', done, 9)
    jest.advanceTimersByTime(1_000)
    expect(told).toEqual([
      ['rye', 1, 9],
      ['rye', 9, 9],
    ])
  })

  it('says the first of something else at once', () => {
    tell('rye', 1, null)
    tell('oats', 1, null)
    expect(told.map(([key]) => key)).toEqual(['rye', 'oats'])
  })

  it('says a few a second of what is told all the time', () => {
    for (let done = 1; done <= 1_000; done += 1) {
      tell('rye', done, null)
      jest.advanceTimersByTime(1)
    }
    expect(told.length).toBeGreaterThan(8)
    expect(told.length).toBeLessThan(20)
  })
})
