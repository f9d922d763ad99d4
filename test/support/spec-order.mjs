import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import Sequencer from '@jest/test-sequencer'

/**
 * Jest's sequencer for specs that may not all have time (time-left.mjs): with another word in GRANARY_TEST_ORDER another
 * order, so that it is not always the same files that are left out.
 */
export default class SpecOrder extends Sequencer {
  sort(tests) {
    const place = ({ path, context }) =>
      createHash('sha256')
        .update(`${process.env.GRANARY_TEST_ORDER} ${relative(context.config.rootDir, path)}`)
        .digest('hex')
    return [...tests].sort((one, other) => (place(one) < place(other) ? -1 : 1))
  }
}
