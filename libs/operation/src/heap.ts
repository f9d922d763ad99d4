import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 collect once the heap has grown by `percent` over what was alive after its last full collection; 0 leaves it to
 * V8, which waits for up to three times as much again where the machine has memory to spare. What is alive may grow as
 * far as before.
 */
export function limitHeapGrowth(percent: number): void {
  // Unlike a size, this may be said while the program runs: V8 looks it up at the end of each collection.
  setFlagsFromString(`--heap-growing-percent=${percent}`)
}
