import { Notice } from '../../components/notice.js'
import { codeOf, Trouble } from '../../components/trouble.js'
import { troubles } from './messages.js'

/** What a code means to a trainer, else what the trouble says of itself. */
export const saidOf = (code: string | undefined, message: string): string => troubles[code ?? ''] ?? message

/** Why something did not happen, and what to do next; calm when its person said no. */
export function TrainerTrouble({
  error,
  title,
  rejected,
}: {
  error: unknown
  title: string
  rejected: string
}) {
  const said = troubles[codeOf(error) ?? '']
  if (!error || said === undefined) return <Trouble error={error} title={title} rejected={rejected} />
  return (
    <Notice tone="trouble" title={title}>
      {said}
    </Notice>
  )
}
