import { open } from 'node:fs/promises'

/**
 * A new file as a web stream that takes one chunk at a time. (Node's `Writable.toWeb` counts chunks where it should
 * count bytes, so a fast source would pile up in memory.) `release` closes the file wherever the stream has got to.
 */
export async function fileWritable(
  path: string,
  mode = 0o666,
): Promise<{ writable: WritableStream<Uint8Array>; release(): Promise<void> }> {
  const file = await open(path, 'wx', mode)
  let closing: Promise<void> | undefined
  const release = () => {
    closing ??= file.close()
    return closing
  }
  const writable = new WritableStream<Uint8Array>(
    {
      async write(chunk) {
        for (let written = 0; written < chunk.length; )
          written += (await file.write(chunk, written)).bytesWritten
      },
      close: release,
      abort: release,
    },
    { highWaterMark: 1 },
  )
  return { writable, release }
}
