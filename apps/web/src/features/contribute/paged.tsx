import { type ReactNode, useState } from 'react'
import { Button } from '../../components/button.js'
import { pages as text } from './messages.js'

const STEP = 50

/** A list that shows its first lines, and more when it is asked: a thousand would hold the page up. */
export function Paged<T>({
  of,
  className,
  children,
}: {
  of: readonly T[]
  className: string
  children: (one: T, position: number) => ReactNode
}) {
  const [shown, setShown] = useState(STEP)
  const more = of.length - shown
  return (
    <>
      <ul className={className}>{of.slice(0, shown).map(children)}</ul>
      {more > 0 ? (
        <Button onClick={() => setShown(shown + STEP)}>{text.more(Math.min(STEP, more), more)}</Button>
      ) : null}
    </>
  )
}
