import { trouble as text, troubles } from './messages.js'
import { Notice } from './notice.js'

export const codeOf = (error: unknown): string | undefined => (error as { code?: string } | null)?.code

/** Why something that was to be signed did not happen: calm when its person said no, else the trouble in words. */
export function Trouble({ error, title, rejected }: { error: unknown; title: string; rejected: string }) {
  if (!error) return null
  const code = codeOf(error)
  if (code === 'WALLET_REJECTED') return <Notice tone="calm" title={rejected} />
  return (
    <Notice tone="trouble" title={title}>
      {troubles[code ?? ''] ?? text.unknown(code, (error as Error).message)}
    </Notice>
  )
}
