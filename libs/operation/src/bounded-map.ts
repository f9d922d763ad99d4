/**
 * A map of at most `most` entries, for what a program remembers for others: for a new entry the one that was set longest
 * ago is forgotten. Entries come in the order in which they were last set.
 */
export class BoundedMap<K, V> extends Map<K, V> {
  constructor(private readonly most: number) {
    super()
  }

  override set(key: K, value: V): this {
    this.delete(key)
    super.set(key, value)
    if (this.size > this.most) this.delete(this.keys().next().value as K)
    return this
  }
}
