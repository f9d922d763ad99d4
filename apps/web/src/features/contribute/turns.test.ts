import { describe, expect, it } from '@jest/globals'
import { Turns } from './turns.js'

const never = new AbortController().signal

describe('Turns', () => {
  it('lets the next in when one leaves, in order, and each leaves once', async () => {
    const turns = new Turns(1)
    const order: string[] = []
    const first = await turns.take(never)
    const second = turns.take(never).then((leave) => {
      order.push('second')
      return leave
    })
    const third = turns.take(never).then((leave) => {
      order.push('third')
      return leave
    })
    first()
    first()
    const leave = await second
    await Promise.resolve()
    expect(order).toEqual(['second'])
    leave()
    ;(await third)()
    expect(order).toEqual(['second', 'third'])
    ;(await turns.take(never))()
  })

  it('forgets who went away while waiting', async () => {
    const turns = new Turns(1)
    const first = await turns.take(never)
    const controller = new AbortController()
    const gone = turns.take(controller.signal)
    const next = turns.take(never)
    controller.abort('no')
    await expect(gone).rejects.toBe('no')
    first()
    await expect(next).resolves.toBeInstanceOf(Function)
    await expect(turns.take(controller.signal)).rejects.toBe('no')
  })
})
