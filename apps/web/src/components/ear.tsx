import styles from './ear.module.css'

/** How many kernels an ear has. */
export const KERNELS = 11

/** Kernels from the foot up, the last one the tip: x, y, turn. */
const PLACES: readonly (readonly [number, number, number])[] = [
  ...[0, 1, 2, 3, 4].flatMap((row) => {
    const y = 30 - row * 5.4
    const reach = 2.8 + Math.sin(((row + 1) / 6) * Math.PI) * 1.6
    return [
      [12 - reach, y, -42],
      [12 + reach, y - 1.1, 42],
    ] as const
  }),
  [12, 4.4, 0],
]

/**
 * An ear of wheat, the mark of Granary. As many of its kernels are ripe as `ripe` says: all in the logo, one for each
 * use of a dataset, and more and more while a file is sealed and sent. Decoration: the text beside it says the same.
 */
export function Ear({ ripe = KERNELS, size = 40 }: { ripe?: number; size?: number }) {
  return (
    <svg className={styles.ear} viewBox="0 0 24 40" width={(size * 24) / 40} height={size} aria-hidden="true">
      <path className={styles.stem} d="M12 39.2V7" />
      {PLACES.map(([x, y, turn], index) => (
        <ellipse
          key={`${x},${y}`}
          className={index < ripe ? styles.ripe : styles.empty}
          cx={x}
          cy={y}
          rx="1.75"
          ry="3.7"
          transform={`rotate(${turn} ${x} ${y})`}
        />
      ))}
    </svg>
  )
}
