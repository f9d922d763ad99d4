// Where an archive goes: straight to a file that its person chose, else through this browser's own file system.
import { saveBlob } from '../../lib/save.js'

export interface Target {
  sink: WritableStream<Uint8Array>
  /** Hands it over, once it is whole. */
  commit(): Promise<void>
  /** Leaves nothing behind. */
  discard(): Promise<void>
}

type Picker = (options: {
  suggestedName: string
  types: { description: string; accept: Record<string, string[]> }[]
}) => Promise<FileSystemFileHandle>

const FOLDER = 'granary-export'

const picker = () => (window as Window & { showSaveFilePicker?: Picker }).showSaveFilePicker

/** Whether archives are written to a file as they arrive. */
export const toDisk = () => picker() !== undefined

/** Call it right after a click. @throws DOMException AbortError when its person changes their mind */
export async function targetFor(name: string): Promise<Target> {
  const pick = picker()
  return pick ? picked(pick, name) : collected(name)
}

async function picked(pick: Picker, suggestedName: string): Promise<Target> {
  const file = await pick({
    suggestedName,
    types: [{ description: 'tar', accept: { 'application/x-tar': ['.tar'] } }],
  })
  const opened = await file.createWritable()
  return {
    sink: new WritableStream({ write: (chunk) => opened.write(chunk as BufferSource) }),
    // Only a stream that is closed changes what is on disk.
    commit: () => opened.close(),
    discard: () => opened.abort().catch(() => {}),
  }
}

async function collected(name: string): Promise<Target> {
  const root = await navigator.storage.getDirectory()
  // What an export that was killed left behind goes first.
  await root.removeEntry(FOLDER, { recursive: true }).catch(() => {})
  const folder = await root.getDirectoryHandle(FOLDER, { create: true })
  const file = await folder.getFileHandle('archive.tar', { create: true })
  const opened = await file.createWritable()
  const remove = () => root.removeEntry(FOLDER, { recursive: true }).catch(() => {})
  return {
    sink: new WritableStream({ write: (chunk) => opened.write(chunk as BufferSource) }),
    async commit() {
      await opened.close()
      saveBlob(name, await file.getFile())
      // The download reads from it for a while; the next export clears it, too.
      setTimeout(() => void remove(), 600_000)
    },
    async discard() {
      await opened.abort().catch(() => {})
      await remove()
    },
  }
}
