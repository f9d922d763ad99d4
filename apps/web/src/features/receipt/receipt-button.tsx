import type { Hex } from '@granary/protocol'
import { useMutation } from '@tanstack/react-query'
import { Button } from '../../components/button.js'
import { codeOf, Trouble } from '../../components/trouble.js'
import { saveBlob } from '../../lib/save.js'
import { granary } from '../../lib/sdk.js'
import type { Wallet } from '../../wallet/wallet.js'
import { fileName } from '../open/file-name.js'
import { receipt as text } from './messages.js'
import styles from './receipt-button.module.css'

/** Codes that say that the API's answer does not fit what was signed. */
const ALTERED = new Set([
  'ANSWER_INVALID',
  'SIGNATURE_INVALID',
  'DOCUMENT_MISMATCH',
  'CONSENT_RECEIPT_INVALID',
])

/** Makes the consent receipt of a dataset out of what its owner signed, checks it in this page, and saves it. */
export function ReceiptButton({
  dataset,
  title,
  wallet,
}: {
  dataset: string
  title: string
  wallet: Wallet
}) {
  const make = useMutation({
    mutationFn: async () => {
      const { bytes } = await (await granary(wallet)).consentReceipts.get(dataset as Hex)
      saveBlob(
        `${fileName(title, '')}.consent.jsonld`,
        new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/ld+json' }),
      )
    },
  })
  const code = codeOf(make.error)
  const known = ALTERED.has(code ?? '') ? text.altered : text.unavailable
  const error =
    make.error && (ALTERED.has(code ?? '') || code === 'CONSENT_SIGNATURE_UNAVAILABLE')
      ? new Error(known)
      : make.error
  return (
    <>
      <Button look="quiet" aria-label={text.label(title)} busy={make.isPending} onClick={() => make.mutate()}>
        {make.isPending ? text.making : text.action}
      </Button>
      {make.isSuccess ? (
        <p className={styles.said} role="status">
          {text.saved}
        </p>
      ) : null}
      <Trouble error={error} title={text.failed} rejected={text.failed} />
    </>
  )
}
