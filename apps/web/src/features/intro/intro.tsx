import type { ReactNode } from 'react'
import { Field } from './field.js'
import styles from './intro.module.css'
import { intro, steps, trust } from './messages.js'

/** The first view: what Granary is, with the next thing to do (`children`) beside it. */
export function Hero({ children }: { children: ReactNode }) {
  return (
    <section className={styles.hero} aria-labelledby="what">
      <div className={styles.heroInner}>
        <div className={styles.words}>
          <h1 id="what">
            {intro.title.map((line) => (
              <span key={line}>{line} </span>
            ))}
          </h1>
          <p className={styles.lead}>{intro.lead}</p>
        </div>
        <div className={styles.panel}>{children}</div>
      </div>
      <Field />
    </section>
  )
}

/** The three steps, for somebody who is not signed in yet. */
export function Steps() {
  return (
    <section className={styles.steps} aria-label={intro.how}>
      <ol>
        {steps.map((step) => (
          <li key={step.title}>
            <h2>{step.title}</h2>
            <p>{step.text}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Who could do what. `inPage`: it is a part of a page, else one of the first view. */
export function Trust({ inPage = false }: { inPage?: boolean }) {
  return (
    <section className={inPage ? undefined : styles.trust} aria-labelledby="trust">
      <div className={styles.trustHead}>
        <h2 id="trust">{trust.title}</h2>
        <p>{trust.lead}</p>
      </div>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{trust.who}</th>
            <th scope="col">{trust.can}</th>
            <th scope="col">{trust.cannot}</th>
          </tr>
        </thead>
        <tbody>
          {trust.rows.map((row) => (
            <tr key={row.who}>
              <th scope="row">{row.who}</th>
              <td data-label={trust.can}>{row.can}</td>
              <td data-label={trust.cannot}>{row.cannot}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.plainly}>{trust.plainly}</p>
    </section>
  )
}
