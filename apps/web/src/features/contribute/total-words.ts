import { bytes } from '../../lib/format.js'
import type { Totals } from './contributions.state.js'
import { underWay as text } from './underway.messages.js'

/** How far all contributions have come together, in one line. */
export function totalWords({
  files,
  done,
  failed,
  paused,
  bytes: all,
  uploaded,
  speed,
  secondsLeft,
}: Totals) {
  return [
    text.registeredOf(done, files),
    failed > 0 ? text.failedOf(failed) : null,
    paused > 0 ? text.pausedOf(paused) : null,
    uploaded < all ? text.uploadedOf(bytes(Math.round(uploaded)), bytes(all)) : null,
    speed !== null && speed >= 1 && uploaded < all ? text.speed(bytes(Math.round(speed))) : null,
    secondsLeft !== null && uploaded < all ? text.timeLeft(secondsLeft) : null,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}
