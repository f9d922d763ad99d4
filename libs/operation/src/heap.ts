import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 collect once the heap has grown by `percent` over what was alive after its last full collection; 0 leaves it to
 * V8, which waits for up to three times as much again where the machine has memory to spare. What is alive may grow as
 * far as before.
 *
 * `compact` has it move together what is alive each time. Otherwise V8 keeps room between what is alive, which looks like
 * a leak from outside. Not for a program that moves large buffers: they are freed later then.
 */
export function limitHeapGrowth(percent: number, { compact = false } = {}): void {
  if (percent === 0) return
  // Unlike a size, these may be said while the program runs: V8 looks them up at each collection.
  setFlagsFromString(`--heap-growing-percent=${percent}`)
  if (compact) setFlagsFromString('--compact-on-every-full-gc')
}
