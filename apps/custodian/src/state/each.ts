/** `task` for every item, at most `width` at a time; results in the order of the items. The first error ends it. */
export async function eachLimited<T, R>(
  items: readonly T[],
  width: number,
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length)
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const index = next++
      results[index] = await task(items[index]!, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return results
}

/** Lets other requests run between two pieces of long computation. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
