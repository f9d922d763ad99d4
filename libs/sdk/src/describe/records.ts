import { recognise } from './bytes.js'
import { Column, published } from './columns.js'

/** Objects of one kind, seen one after the other: which members they have, and of which types. */
export class Records {
  readonly columns = new Map<string, Column>()
  count = 0

  constructor(private readonly most: number) {}

  add(value: unknown): void {
    this.count += 1
    if (!isObject(value)) return
    for (const [name, member] of Object.entries(value)) {
      let column = this.columns.get(name)
      if (!column) {
        recognise(this.columns.size < this.most, 'too many columns')
        column = new Column()
        this.columns.set(name, column)
      }
      column.value(member)
    }
  }

  get schema() {
    return published([...this.columns])
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a JSON text. Throws NotRecognised. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    recognise(false, 'not JSON')
  }
}
