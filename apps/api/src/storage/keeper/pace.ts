import type { Config } from '../../config.js'

const DOUBLINGS = 10
/** The next check comes after this part of the period at the latest, so that a busy round does not pass its end. */
const EARLIEST = 0.5
const LATEST = 0.9

/** When a file that is well is looked at again: at random, so that files which came together do not stay together. */
export function nextCheck(config: Config, now = Date.now()): Date {
  const part = EARLIEST + Math.random() * (LATEST - EARLIEST)
  return new Date(now + part * config.STORAGE_CHECK_PERIOD_SECONDS * 1000)
}

/** When something that failed `failures` times in a row is tried again: later and later, within the period. */
export function nextTry(config: Config, failures: number, now = Date.now()): Date {
  const seconds = config.STORAGE_RETRY_SECONDS * 2 ** Math.min(Math.max(failures - 1, 0), DOUBLINGS)
  return new Date(now + Math.min(seconds, config.STORAGE_CHECK_PERIOD_SECONDS) * 1000)
}

/** How many files a round looks at: as many as named, or more if the period could not be kept otherwise. */
export function filesARound(config: Config, files: number): number {
  const rounds = (config.STORAGE_CHECK_PERIOD_SECONDS * 1000 * EARLIEST) / config.STORAGE_CHECK_INTERVAL_MS
  return Math.max(config.STORAGE_CHECK_FILES, Math.ceil(files / Math.max(rounds, 1)))
}
