import type { Hex } from '@granary/protocol'

/** By ascending id, without the owners left out, of each owner the first `most`. */
export function choose(
  eligible: { id: Hex; owner: string }[],
  excludedOwners: string[],
  most: number | null,
): Hex[] {
  const excluded = new Set(excludedOwners)
  const taken = new Map<string, number>()
  const chosen: Hex[] = []
  for (const { id, owner } of eligible) {
    const before = taken.get(owner) ?? 0
    if (excluded.has(owner) || (most !== null && before >= most)) continue
    taken.set(owner, before + 1)
    chosen.push(id)
  }
  return chosen
}
