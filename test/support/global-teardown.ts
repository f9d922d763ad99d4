import { rmSync } from 'node:fs'
import { join } from 'node:path'

/** Stops the shared network. Throws, and so fails the run, when it leaves a process or a port behind. */
export default async function teardown(): Promise<void> {
  const file = process.env.GRANARY_TEST_WORLD
  if (file) rmSync(join(file, '..'), { recursive: true, force: true })
  await globalThis.granaryTestNetwork?.end()
}
