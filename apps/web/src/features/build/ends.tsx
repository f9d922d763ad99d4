import type { NetworkResource } from '@granary/protocol'
import { Copy } from './build.js'
import styles from './build.module.css'
import { useBuild } from './build.queries.js'
import { build as buildText, ends as text } from './messages.js'

/** In plain words what this page cannot guarantee, and how to check what can be checked. */
export function Ends({ network }: { network: NetworkResource }) {
  const build = useBuild(true)
  const { committee } = network
  const command = `${text.page.command} ${location.origin}`
  return (
    <div className={styles.ends}>
      <section>
        <h2>{text.page.title}</h2>
        {text.page.text.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        <div className={styles.command}>
          <code>{command}</code>
          <Copy value={command} label={text.page.copy} />
        </div>
        {build.data ? (
          <>
            <p>{text.page.served}</p>
            <div className={styles.command}>
              <code>{build.data}</code>
              <Copy value={build.data} label={buildText.copyLabel} />
            </div>
          </>
        ) : build.isSuccess ? (
          <p>{buildText.unknown}</p>
        ) : null}
        <p>{text.page.note}</p>
        <p>{text.page.instead}</p>
      </section>
      <section>
        <h2>{text.wallet.title}</h2>
        <p>{text.wallet.text}</p>
      </section>
      <section>
        <h2>{text.browser.title}</h2>
        <p>{text.browser.text}</p>
      </section>
      <section>
        <h2>{text.custodians.title}</h2>
        <p>
          {committee
            ? text.custodians.text(committee.threshold, committee.members.length)
            : text.custodians.unknown}
        </p>
      </section>
      <section>
        <h2>{text.trainers.title}</h2>
        <p>{text.trainers.text}</p>
      </section>
      <section>
        <h2>{text.told.title}</h2>
        <p>{text.told.text}</p>
      </section>
    </div>
  )
}
