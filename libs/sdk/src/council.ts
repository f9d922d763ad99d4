import { type Address, documentDigest, type Hex, type TrainerResource } from '@granary/protocol'
import { ZeroHash } from 'ethers'
import type { Done } from './chain.js'
import { type Context, until } from './context.js'

/** Transactions of the account that owns the contracts. Each waits until the API shows the effect. */
export interface Council {
  /** Approves a trainer with the profile that it applied with. `until_` null = for a year. */
  approve(trainer: Address, until_?: Date | null): Promise<Done>
  revoke(trainer: Address): Promise<Done>
  setSuspended(trainer: Address, suspended: boolean): Promise<Done>
}

const YEAR = 365 * 24 * 3600

export function createCouncil(context: Context): Council {
  const trainerOf = (address: Address) => context.call<TrainerResource>(`/v1/trainers/${address}`)
  const shown = (trainer: Address, ...statuses: TrainerResource['status'][]) =>
    until(`${trainer} as ${statuses[0]}`, async () =>
      statuses.includes((await trainerOf(trainer)).status) ? true : undefined,
    )
  return {
    async approve(trainer, until_ = null) {
      const { profile } = await trainerOf(trainer)
      const digest: Hex = profile ? (await documentDigest(profile)).digest : (ZeroHash as Hex)
      const end = until_ ? Math.floor(until_.getTime() / 1000) : Math.floor(Date.now() / 1000) + YEAR
      const done = await (await context.chain()).send('trainerRegistry', 'approve', [trainer, end, digest])
      await shown(trainer, 'approved', 'suspended')
      return done
    },
    async revoke(trainer) {
      const done = await (await context.chain()).send('trainerRegistry', 'revoke', [trainer])
      await shown(trainer, 'ended', 'none')
      return done
    },
    async setSuspended(trainer, suspended) {
      const done = await (await context.chain()).send('trainerRegistry', 'setSuspended', [trainer, suspended])
      await shown(
        trainer,
        ...(suspended ? (['suspended'] as const) : (['approved', 'ended', 'applied', 'none'] as const)),
      )
      return done
    },
  }
}
