import { appendFileSync } from 'node:fs'
import { relative } from 'node:path'
import { TestEnvironment } from 'jest-environment-node'

// Where a machine is too slow for all specs in the time that `.ci/run` is given, it runs as many as it can.
//
//   GRANARY_TEST_UNTIL      milliseconds since 1970: a file that comes later is skipped, and named in…
//   GRANARY_TEST_LEFT_OUT   …this file, a line each
//   GRANARY_TEST_ORDER      see spec-order.mjs

/** Jest's environment for specs: all tests of a file are skipped once the time is up. */
export default class TimeLeft extends TestEnvironment {
  constructor(config, context) {
    super(config, context)
    this.path = relative(config.projectConfig.rootDir, context.testPath)
  }

  handleTestEvent({ name }, { rootDescribeBlock }) {
    const until = Number(process.env.GRANARY_TEST_UNTIL || Number.POSITIVE_INFINITY)
    if (name !== 'run_start' || Date.now() < until) return
    skip(rootDescribeBlock)
    appendFileSync(process.env.GRANARY_TEST_LEFT_OUT, `${this.path}\n`)
  }
}

function skip(block) {
  block.mode = 'skip'
  for (const child of block.children) {
    if (child.type === 'describeBlock') skip(child)
    else child.mode = 'skip'
  }
}
