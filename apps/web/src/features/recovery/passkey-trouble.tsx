import { Notice } from '../../components/notice.js'
import { codeOf } from '../../components/trouble.js'
import { passkeys as text, passkeyTroubles as troubles } from './passkey.messages.js'

/** Why something with a passkey did not happen. Calm where its person, or the device, just did not use it. */
export function PasskeyTrouble({ error, title }: { error: unknown; title: string }) {
  if (!error) return null
  const code = codeOf(error) ?? ''
  const { site = '' } = ((error as { detail?: { site?: string } }).detail ?? {}) as { site?: string }
  const said =
    code === 'PASSKEY_OTHER_SITE' && site !== '' ? text.otherSite(site) : (troubles[code] ?? text.unknown)
  return (
    <div data-code={code}>
      <Notice tone={code === 'PASSKEY_CANCELLED' ? 'attention' : 'trouble'} title={title}>
        {said}
      </Notice>
    </div>
  )
}
