import type { InboxItem } from '@granary/protocol'

/** What one trainer asks for. `waiting`: of it, what has no answer. */
export interface Group {
  trainer: string
  items: InboxItem[]
  waiting: InboxItem[]
}

/** By trainer: first those that are `favoured` and wait, then those that wait, then the rest; else in the order given. */
export function byTrainer(items: readonly InboxItem[], favoured: (trainer: string) => boolean): Group[] {
  const groups = new Map<string, Group>()
  for (const item of items) {
    const { trainer } = item.request
    const group = groups.get(trainer) ?? { trainer, items: [], waiting: [] }
    groups.set(trainer, group)
    group.items.push(item)
    if (item.status === 'pending') group.waiting.push(item)
  }
  const rank = ({ trainer, waiting }: Group) => (waiting.length === 0 ? 2 : favoured(trainer) ? 0 : 1)
  return [...groups.values()].sort((a, b) => rank(a) - rank(b))
}

export const keyOf = ({ request, dataset }: Pick<InboxItem, 'request' | 'dataset'>) =>
  `${request.id}/${dataset}`

/** Amounts in the smallest unit, together. */
export const sumOf = (amounts: readonly string[]) =>
  amounts.reduce((sum, each) => sum + BigInt(each), 0n).toString()
