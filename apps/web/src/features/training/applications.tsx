import type { NetworkResource, TrainerResource } from '@granary/protocol'
import { Account } from '../../components/account.js'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { sameAddress, type Wallet } from '../../wallet/wallet.js'
import { applications as text } from './messages.js'
import styles from './training.module.css'
import { useDecision, useTrainers } from './training.queries.js'
import { TrainerTrouble } from './trouble.js'

/** For members of the council only: who waits, who is approved, and the transactions that change it. */
export function Applications({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const isMember = network.dao.council.some((member) => sameAddress(member, wallet.address))
  return isMember ? <Council wallet={wallet} /> : null
}

const ORDER = ['applied', 'suspended', 'approved', 'ended']

function Council({ wallet }: { wallet: Wallet }) {
  const trainers = useTrainers()
  const decide = useDecision(wallet)
  const all = trainers.data?.pages.flatMap((page) => page.items) ?? []
  const rank = ({ status }: TrainerResource) => ORDER.indexOf(status)
  const shown = all.filter(({ status }) => status !== 'none').sort((a, b) => rank(a) - rank(b))
  return (
    <section aria-labelledby="council" className={lines.section}>
      <h2 id="council">{text.title}</h2>
      <p className={lines.soft}>{text.lead}</p>
      {all.every(({ status }) => status !== 'applied') ? <p>{text.none}</p> : null}
      <TrainerTrouble error={decide.error} title={text.failed} rejected={text.rejected} />
      <ul className={lines.list}>
        {shown.map((trainer) => {
          const { address, profile, status } = trainer
          const name = profile?.name ?? text.unnamed
          const busy = decide.isPending
          const mine = busy && decide.variables.trainer === address
          return (
            <li key={address} className={lines.line} data-testid={`trainer-${address}`}>
              <div>
                <h3>{name}</h3>
                <p className={lines.meta}>
                  <span className={lines.standing} data-tone={status === 'suspended' ? 'bad' : 'open'}>
                    {text.statuses[status]}
                  </span>
                  {' · '}
                  <Account address={address} />
                  {profile?.url ? ` · ${profile.url}` : ''}
                </p>
                {profile?.description ? <p className={styles.clip}>{profile.description}</p> : null}
              </div>
              <div className={styles.buttons}>
                {status === 'applied' || status === 'ended' ? (
                  <Button
                    look={status === 'applied' ? 'main' : 'plain'}
                    busy={busy}
                    aria-label={text.approveLabel(name)}
                    onClick={() => decide.mutate({ trainer: address, decision: 'approve' })}
                  >
                    {mine ? text.working : text.approve}
                  </Button>
                ) : null}
                {status === 'approved' ? (
                  <Button
                    busy={busy}
                    aria-label={text.suspendLabel(name)}
                    onClick={() => decide.mutate({ trainer: address, decision: 'suspend' })}
                  >
                    {mine ? text.working : text.suspend}
                  </Button>
                ) : null}
                {status === 'suspended' ? (
                  <Button
                    busy={busy}
                    aria-label={text.liftLabel(name)}
                    onClick={() => decide.mutate({ trainer: address, decision: 'lift' })}
                  >
                    {mine ? text.working : text.lift}
                  </Button>
                ) : null}
              </div>
            </li>
          )
        })}
      </ul>
      {trainers.hasNextPage ? (
        <Button busy={trainers.isFetchingNextPage} onClick={() => trainers.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </section>
  )
}
