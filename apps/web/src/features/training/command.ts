// The same by command line, to copy.

/** A word as every POSIX shell reads it. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** `granary fetch …` for a request. */
export function fetchCommand({
  api,
  request,
  keyFile,
}: {
  api: string
  request: string
  keyFile: string
}): string {
  const words = [
    'granary',
    'fetch',
    request,
    '--out',
    `granary-${request.slice(2, 10)}`,
    '--identity',
    keyFile,
  ]
  return `GRANARY_API=${quoted(api)} ${words.map(quoted).join(' ')}`
}
