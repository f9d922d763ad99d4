import { texts } from '../../lib/language.js'

/** How far contributions have come together; the frame shows it on every page. */
export const underWay = texts('contribute.underWay', {
  title: 'Contributions on their way',
  inAll: 'All files together',
  registeredOf: (done: number, files: number) => `${done} of ${files} registered`,
  failedOf: (n: number) => `${n} failed`,
  pausedOf: (n: number) => `${n} paused`,
  uploadedOf: (done: string, all: string) => `${done} of ${all} uploaded`,
  speed: (bytes: string) => `${bytes} a second`,
  timeLeft: (seconds: number) => {
    if (seconds < 60) return `${Math.max(1, seconds)} s left`
    const minutes = Math.round(seconds / 60)
    if (minutes < 60) return `${minutes} min left`
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`
  },
})
