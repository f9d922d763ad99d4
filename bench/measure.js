/**
 * Interleaved rounds: every job once, then every job again, so that a machine that grows slow for a while is slow for
 * all of them. The figure of a job is the median of its rounds; a ratio is the median of the rounds' own ratios.
 * Runs in Node and in browsers.
 */

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * @param {Record<string, { amount: number, run: () => unknown }>} jobs `amount`: what one run gets done, in any unit
 * @param {() => number} [clock] in seconds
 * @returns {Promise<Record<string, number[]>>} amount a second, for each job and round; the first round is not counted
 */
export async function interleave(jobs, rounds, clock = () => performance.now() / 1000) {
  const speeds = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]))
  for (let round = 0; round <= rounds; round++)
    for (const [name, { amount, run }] of Object.entries(jobs)) {
      const started = clock()
      await run()
      if (round > 0) speeds[name].push(amount / (clock() - started))
    }
  return speeds
}

/** How many times as fast `a` is as `b`. */
export const ratio = (a, b) => median(a.map((speed, round) => speed / b[round]))
