/** Lets so many in at once; the others wait in the order in which they came. */
export class Turns {
  private readonly waiting: (() => void)[] = []
  private taken = 0

  constructor(private readonly most: number) {}

  /** Resolves with what gives the turn back; more than once does no harm. Rejects with the signal's reason. */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.taken >= this.most) await this.wait(signal)
    else this.taken += 1
    let given = false
    return () => {
      if (given) return
      given = true
      const next = this.waiting.shift()
      if (next) next()
      else this.taken -= 1
    }
  }

  private wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(enter), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      this.waiting.push(enter)
    })
  }
}
