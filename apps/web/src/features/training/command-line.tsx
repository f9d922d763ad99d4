import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import type { Wallet } from '../../wallet/wallet.js'
import { fetchCommand } from './command.js'
import { keyFor } from './key.js'
import { key as keyText, request as text } from './messages.js'
import styles from './training.module.css'

/** The same by command line, ready to copy. */
export function CommandLine({
  request,
  recipient,
  wallet,
}: {
  request: string
  recipient: string
  wallet: Wallet
}) {
  const key = useQuery({
    queryKey: ['training-keys', wallet.address, recipient],
    queryFn: () => keyFor(wallet.address, recipient),
  })
  const [copied, setCopied] = useState(false)
  const keyFile = key.data ? keyText.fileName(key.data.recipient) : 'training-key.txt'
  const command = fetchCommand({ api: location.origin, request, keyFile })
  return (
    <section aria-labelledby="command" className={lines.section}>
      <h2 id="command">{text.cliTitle}</h2>
      <p className={lines.soft}>{text.cliText}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre className={styles.command} tabIndex={0}>
        <code data-testid="command">
          {command.split(/(--\w+)/).map((part) =>
            part.startsWith('--') ? (
              <span key={part} className={styles.whole}>
                {part}
              </span>
            ) : (
              part
            ),
          )}
        </code>
      </pre>
      <div className={styles.buttons}>
        <Button
          onClick={async () => {
            await navigator.clipboard.writeText(command)
            setCopied(true)
          }}
        >
          {copied ? text.copied : text.copy}
        </Button>
        <p className={lines.meta}>{text.cliKey}</p>
      </div>
    </section>
  )
}
