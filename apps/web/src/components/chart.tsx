import { scaleBand, scaleLinear, scaleUtc } from '@visx/scale'
import { Bar, LinePath } from '@visx/shape'
import { type PointerEvent, useEffect, useId, useRef, useState } from 'react'
import { locale } from '../lib/language.js'
import { chart as text } from './chart.messages.js'
import styles from './chart.module.css'
import { ChartTable } from './chart-table.js'

export interface ChartPoint {
  /** RFC 3339. */
  at: string
  value: number
}

export interface ChartProps {
  title: string
  /** At most four, or they cannot be told apart. Points in any order; bars of one moment stand side by side. */
  series: { name: string; points: ChartPoint[] }[]
  kind: 'line' | 'bar'
  format: (value: number) => string
}

const HEIGHT = 220
const TOP = 22
const BOTTOM = 26
/** Pixels that a date under the chart takes. */
const LABEL = 84

const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
const whole = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' })

/**
 * Values over time, as a picture and, behind it, as a table that says the same to everybody. Only classes and SVG
 * attributes: the page's content security policy takes no inline style.
 */
export function Chart({ title, series, kind, format }: ChartProps) {
  const id = useId()
  const moments = [...new Set(series.flatMap(({ points }) => points.map(({ at }) => at)))].sort(
    (a, b) => Date.parse(a) - Date.parse(b),
  )
  const [first, last] = [moments[0], moments.at(-1)]
  return (
    <figure className={styles.chart} aria-labelledby={id}>
      <figcaption id={id} className={styles.title}>
        {title}
      </figcaption>
      {first === undefined || last === undefined ? (
        <p className={styles.empty}>{text.empty}</p>
      ) : (
        <>
          {series.length > 1 ? (
            <ul className={styles.legend} aria-hidden="true">
              {series.map(({ name }, place) => (
                <li key={name} data-series={place}>
                  {name}
                </li>
              ))}
            </ul>
          ) : null}
          <Picture
            label={text.summary(
              title,
              moments.length,
              whole.format(new Date(first)),
              whole.format(new Date(last)),
            )}
            moments={moments}
            series={series}
            kind={kind}
            format={format}
          />
          <ChartTable title={title} moments={moments} series={series} format={format} />
        </>
      )}
    </figure>
  )
}

function Picture({
  label,
  moments,
  series,
  kind,
  format,
}: Omit<ChartProps, 'title'> & { label: string; moments: string[] }) {
  const [width, box] = useWidth()
  const [near, setNear] = useState<string | null>(null)
  const values = series.flatMap(({ points }) => points.map(({ value }) => value))
  const y = scaleLinear({
    domain: [Math.min(0, ...values), Math.max(0, ...values) || 1],
    range: [HEIGHT - BOTTOM, TOP],
    nice: 4,
  })
  // Of what is counted there are no halves.
  const isCounted = values.every(Number.isInteger)
  const ticks = y.ticks(4).filter((tick) => !isCounted || Number.isInteger(tick))
  const x = places(kind, moments, width)
  const inner = scaleBand({ domain: series.map((_, place) => place), range: [0, x.band], padding: 0.08 })
  const middle = (at: string) => x.of(at) + x.band / 2

  function look(event: PointerEvent) {
    const from = event.currentTarget.getBoundingClientRect().left
    const distance = (at: string) => Math.abs(middle(at) - (event.clientX - from))
    setNear(moments.reduce((best, at) => (distance(at) < distance(best) ? at : best)))
  }

  return (
    <div ref={box} className={styles.box} onPointerMove={look} onPointerLeave={() => setNear(null)}>
      {width > 0 ? (
        <svg role="img" aria-label={label} width={width} height={HEIGHT} className={styles.picture}>
          {ticks.map((tick) => (
            <g key={tick} className={styles.grid}>
              <line x1={0} x2={width} y1={y(tick)} y2={y(tick)} />
              <text x={0} y={y(tick) - 5}>
                {format(tick)}
              </text>
            </g>
          ))}
          {near === null ? null : (
            <line className={styles.near} x1={middle(near)} x2={middle(near)} y1={TOP} y2={HEIGHT - BOTTOM} />
          )}
          {series.map(({ name, points }, place) => (
            <g key={name} data-series={place} className={styles.series}>
              {kind === 'bar' ? (
                points.map(({ at, value }) => (
                  <Bar
                    key={at}
                    className={styles.bar}
                    x={x.of(at) + (inner(place) ?? 0)}
                    width={Math.max(1, inner.bandwidth())}
                    y={Math.min(y(value), y(0))}
                    height={Math.abs(y(value) - y(0))}
                  />
                ))
              ) : (
                <Line points={points} x={middle} y={y} />
              )}
            </g>
          ))}
          <g className={styles.dates}>
            {spread(moments, width).map((at) => (
              <text key={at} x={within(middle(at), width)} y={HEIGHT - 6}>
                {moment(at, moments)}
              </text>
            ))}
          </g>
        </svg>
      ) : null}
      {/* The same values are in the table: this is for those who point. */}
      <p className={styles.read} aria-hidden="true">
        {near === null ? '\u00a0' : read(near, series, format)}
      </p>
    </div>
  )
}

function Line({
  points,
  x,
  y,
}: {
  points: ChartPoint[]
  x: (at: string) => number
  y: (value: number) => number
}) {
  const sorted = points.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  return (
    <>
      <LinePath className={styles.line} data={sorted} x={({ at }) => x(at)} y={({ value }) => y(value)} />
      {sorted.length <= 40
        ? sorted.map(({ at, value }) => (
            <circle key={at} className={styles.dot} cx={x(at)} cy={y(value)} r={3} />
          ))
        : null}
    </>
  )
}

/** Where each moment begins, and how wide its place is: none for a line, which time spaces. */
function places(kind: ChartProps['kind'], moments: string[], width: number) {
  if (kind === 'bar') {
    const scale = scaleBand({ domain: moments, range: [0, width], padding: 0.2 })
    // A single bar as wide as the page says nothing.
    const band = Math.min(scale.bandwidth(), 48)
    const shift = (scale.bandwidth() - band) / 2
    return { band, of: (at: string) => (scale(at) ?? 0) + shift }
  }
  const ends = [new Date(moments[0] as string), new Date(moments.at(-1) as string)]
  const scale = scaleUtc({ domain: ends, range: [8, Math.max(8, width - 8)] })
  const lonely = moments.length === 1
  return { band: 0, of: (at: string) => (lonely ? width / 2 : scale(new Date(at))) }
}

/** As many of the moments as have room for their date. */
function spread(moments: string[], width: number): string[] {
  const room = Math.max(1, Math.floor(width / LABEL))
  if (moments.length <= room) return moments
  const step = (moments.length - 1) / Math.max(1, room - 1)
  return [...new Set(Array.from({ length: room }, (_, n) => moments[Math.round(n * step)] as string))]
}

const within = (place: number, width: number) =>
  Math.min(Math.max(place, LABEL / 2 - 8), width - LABEL / 2 + 8)

/** A date, or the time of day where all is within one. */
function moment(at: string, all: string[]): string {
  const span = Date.parse(all.at(-1) as string) - Date.parse(all[0] as string)
  return (span > 0 && span < 86_400_000 ? time : day).format(new Date(at))
}

function read(at: string, series: ChartProps['series'], format: ChartProps['format']): string {
  const found = series.flatMap(({ name, points }) => {
    const point = points.find((one) => one.at === at)
    if (!point) return []
    return [series.length > 1 ? `${name} ${format(point.value)}` : format(point.value)]
  })
  return `${whole.format(new Date(at))} · ${found.join(' · ')}`
}

/** The width of the box that a picture is in, 0 before it is known. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  return [width, box] as const
}
