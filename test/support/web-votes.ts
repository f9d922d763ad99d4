import type { Hex } from '@granary/protocol'
import type { Actor } from './actors.js'

/** How many votes are held at most. */
const MOST = 3

/**
 * Does `work` while the vote on a proposal goes on: 20 seconds, which a busy machine may need for a part of it. If the
 * vote is over when `work` fails, it is done once more with another proposal; what fails in the middle of a vote, has
 * failed, and so has what is never through in time. `propose` is told how many proposals came before.
 *
 * @returns the proposal whose vote it was
 */
export async function duringVote(
  reader: Pick<Actor, 'client'>,
  propose: (before: number) => Promise<Hex>,
  work: (id: Hex) => Promise<void>,
): Promise<Hex> {
  for (let before = 0; ; before += 1) {
    const id = await propose(before)
    try {
      await work(id)
      return id
    } catch (error) {
      const { state } = await reader.client.governance.get(id)
      if (before + 1 === MOST || state === 'pending' || state === 'active') throw error
    }
  }
}
