// The name under which an opened dataset is saved: its title, made harmless, with the ending of its type.

const ENDINGS: Record<string, string> = {
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'text/plain': 'txt',
  'text/markdown': 'md',
  'text/html': 'html',
  'application/json': 'json',
  'application/jsonl': 'jsonl',
  'application/vnd.apache.parquet': 'parquet',
  'application/geo+json': 'geojson',
  'application/gpx+xml': 'gpx',
  'application/zip': 'zip',
  'application/pdf': 'pdf',
  'audio/mpeg': 'mp3',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'video/mp4': 'mp4',
}

/** `Sleep diary`, `text/csv` → `Sleep diary.csv`. */
export function fileName(title: string, type: string): string {
  const ending = ENDINGS[type]
  const stem = [...title.normalize('NFC')]
    .map((character) => (/[\p{Cc}\p{Cf}/\\:*?"<>|]/u.test(character) ? ' ' : character))
    .join('')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .slice(0, 120)
    .trim()
  const name = stem || 'dataset'
  return ending && !name.toLowerCase().endsWith(`.${ending}`) ? `${name}.${ending}` : name
}
