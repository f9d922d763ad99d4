import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 collect once the heap has grown by `percent` over what was alive after its last full collection, and move
 * together what is alive each time; 0 leaves both to V8. By itself it waits for up to three times as much again where the
 * machine has memory to spare, and keeps the room between what is alive, which then looks like a leak from outside. What
 * is alive may grow as far as before.
 */
export function limitHeapGrowth(percent: number): void {
  // Unlike a size, these may be said while the program runs: V8 looks them up at each collection.
  setFlagsFromString(`--heap-growing-percent=${percent}`)
  if (percent > 0) setFlagsFromString('--compact-on-every-full-gc')
}
