import { useEffect, useRef, useState } from 'react'
import styles from './everywhere.module.css'
import { type Found, fromDrop, fromPaste } from './gather.js'
import { contribute as text } from './messages.js'

/** Takes what is dropped or pasted anywhere on the page, and says so while something is held over it. */
export function Everywhere({ onFound }: { onFound: (found: Found[], unreadable: number) => void }) {
  const [over, setOver] = useState(false)
  const take = useRef(onFound)
  useEffect(() => {
    take.current = onFound
  }, [onFound])
  useEffect(() => {
    const carries = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const dragOver = (event: DragEvent) => {
      if (!carries(event)) return
      event.preventDefault()
      setOver(true)
    }
    const dragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      if (!carries(event) || !event.dataTransfer) return
      event.preventDefault()
      setOver(false)
      void fromDrop(event.dataTransfer).then(({ found, unreadable }) => take.current(found, unreadable))
    }
    const paste = (event: ClipboardEvent) => {
      const into = event.target as HTMLElement
      // What is pasted into a field belongs there.
      if (!event.clipboardData || into.closest('input, textarea, select, [contenteditable]')) return
      const found = fromPaste(event.clipboardData, `${text.pasted}.txt`)
      if (found.length === 0) return
      event.preventDefault()
      take.current(found, 0)
    }
    window.addEventListener('dragover', dragOver)
    window.addEventListener('dragleave', dragLeave)
    window.addEventListener('drop', drop)
    window.addEventListener('paste', paste)
    return () => {
      window.removeEventListener('dragover', dragOver)
      window.removeEventListener('dragleave', dragLeave)
      window.removeEventListener('drop', drop)
      window.removeEventListener('paste', paste)
    }
  }, [])
  if (!over) return null
  return (
    <div className={styles.over} aria-hidden="true">
      <p>{text.dropHere}</p>
    </div>
  )
}
