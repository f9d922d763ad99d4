import type { CustodianStep } from '@granary/sdk'
import { request as text } from './messages.js'
import styles from './training.module.css'

/** What each custodian did so far. */
export function Custodians({
  steps,
  faults,
}: {
  steps: readonly CustodianStep[]
  faults: readonly { member: number; code: string }[]
}) {
  const members = [...new Set(steps.map(({ member }) => member))].sort((a, b) => a - b)
  if (members.length === 0) return null
  return (
    <div className={styles.custodians}>
      <h3 id="custodians">{text.custodians}</h3>
      <ul aria-labelledby="custodians">
        {members.map((member) => {
          const sum = (step: CustodianStep['step']) =>
            steps
              .filter((one) => one.member === member && one.step === step)
              .reduce((total, { datasets }) => total + datasets, 0)
          const [receipts, shares] = [sum('receipt'), sum('share')]
          const lied = faults.some((one) => one.member === member && LIES.test(one.code))
          const code = steps.find((one) => one.member === member && one.code !== null)?.code
          const said = [
            receipts > 0 ? text.receipt(receipts) : null,
            shares > 0 ? text.share(shares) : null,
            lied ? text.lies : null,
            receipts === 0 && !lied ? (code === 'UNREACHABLE' ? text.silent : text.refuses) : null,
          ].filter(Boolean)
          return (
            <li key={member} data-testid={`custodian-${member}`}>
              <span>{text.custodian(member)}</span>
              <span>{said.join(', ')}</span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

const LIES = /^(ANSWER_INVALID|RECEIPT_INVALID|SHARE_INVALID)$/
