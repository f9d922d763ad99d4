import styles from './field.module.css'

/** A repeatable pseudo-random sequence in [0, 1): the same field grows on every visit. */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296
    return state / 4294967296
  }
}

/** The kernels and awns of one ear that stands at (0, 0) and is about 90 units high. */
function Barley({ id }: { id: string }) {
  const rows = [0, 1, 2, 3, 4, 5, 6]
  return (
    <symbol id={id} overflow="visible">
      {rows.map((row) => (
        <g key={row} transform={`translate(0 ${-row * 9})`}>
          <ellipse cx="-5.4" cy="-4" rx="3.1" ry="6.4" transform="rotate(-24 -5.4 -4)" />
          <ellipse cx="5.4" cy="-8" rx="3.1" ry="6.4" transform="rotate(24 5.4 -8)" />
          <path d={`M-7 -9q-6 -16 ${-8 + row} ${-34 - row * 2}`} />
          <path d={`M7 -13q6 -16 ${8 - row} ${-34 - row * 2}`} />
        </g>
      ))}
      <ellipse cx="0" cy="-70" rx="2.9" ry="6.6" />
      <path d="M0 -76V-118" />
    </symbol>
  )
}

function stalks(seed: number, count: number, low: number, high: number) {
  const next = sequence(seed)
  return Array.from({ length: count }, (_, index) => {
    const x = ((index + 0.15 + next() * 0.7) / count) * 1600
    const height = low + next() * (high - low)
    const lean = (next() - 0.42) * 46
    return { x, height, lean, turn: lean * 0.42 + (next() - 0.5) * 8, scale: 0.8 + next() * 0.35 }
  })
}

const BACK = stalks(11, 46, 90, 190)
const FRONT = stalks(5, 34, 40, 150)

/** The field along the foot of the page's first view. Decoration only. */
export function Field() {
  return (
    <svg
      className={styles.field}
      viewBox="0 0 1600 330"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
    >
      <defs>
        <Barley id="barley" />
      </defs>
      {[BACK, FRONT].map((row, depth) => (
        <g key={depth === 0 ? 'back' : 'front'} className={depth === 0 ? styles.back : styles.front}>
          {row.map(({ x, height, lean, turn, scale }) => (
            <g key={x} className={styles.stalk}>
              <path d={`M${x} 340Q${x} ${330 - height * 0.5} ${x + lean} ${330 - height}`} />
              <use
                href="#barley"
                transform={`translate(${x + lean} ${332 - height}) rotate(${turn}) scale(${scale})`}
              />
            </g>
          ))}
        </g>
      ))}
    </svg>
  )
}
