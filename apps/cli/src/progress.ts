import { Presets, SingleBar } from 'cli-progress'
import { bytes } from './values.js'

/** Tells how far something is, on stderr: a bar on a terminal, one line a phase elsewhere. */
export interface Progress {
  update(phase: string, done: number, total: number | null): void
  /** Removes the bar. Call it before anything else is printed. */
  stop(): void
}

/** @param name what the progress is of, e.g. a file's name */
export function createProgress(name: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? bar(name, stream) : lines(name, stream)
}

function lines(name: string, stream: NodeJS.WriteStream): Progress {
  let last = ''
  return {
    update(phase, _done, total) {
      if (phase === last) return
      last = phase
      stream.write(`${name}: ${phase}${total !== null && total > 1 ? ` (${bytes(total)})` : ''}\n`)
    },
    stop() {},
  }
}

function bar(name: string, stream: NodeJS.WriteStream): Progress {
  const single = new SingleBar(
    {
      stream,
      clearOnComplete: true,
      hideCursor: true,
      format: ' {bar} {percentage}% {phase} {name}',
      fps: 10,
    },
    Presets.shades_classic,
  )
  let last = ''
  return {
    update(phase, done, total) {
      if (phase !== last) {
        if (last !== '') single.stop()
        single.start(Math.max(total ?? 1, 1), 0, { phase: phase.padEnd(11), name })
        last = phase
      }
      single.update(done)
    },
    stop() {
      if (last !== '') single.stop()
      last = ''
    },
  }
}
