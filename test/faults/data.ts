import { FLAGS, type GranaryError, type Hex } from '@granary/protocol'
import type { Invariant, Outcome } from './invariants.js'
import { eventsOf } from './money.js'
import { rowsOf } from './services.js'
import { isPassing } from './workload.js'

/** A busy machine reads a whole chain slowly. */
const READ_MS = 120_000
const OPENINGS = 5

export const nothingLost: Invariant = {
  name: 'everything that was contributed is there, and its owner opens it to the same bytes',
  async faults({ network, ledger, clients }) {
    const faults: string[] = []
    const onChain = new Set(
      (await eventsOf(network, 'datasetRegistry', 'Contributed')).map(({ args }) => args.dataset as Hex),
    )
    for (const id of ledger.contributed)
      if (!onChain.has(id)) faults.push(`${id} was contributed and is not on chain`)
    const ids = [...onChain]
    const before = ledger.broken.length
    const work = async () => {
      for (let id = ids.pop(); id; id = ids.pop()) {
        const planted = ledger.planted.get(id)
        const owner = clients.contributors.find(({ address }) => address === planted?.owner)
        if (!owner) continue
        // Some by the custodians, the others by the owner's own key.
        const byCustodians = Number.parseInt(id.slice(-1), 16) === 0
        for (let opening = 1; ; opening++)
          try {
            await clients.openOwn(owner, id, byCustodians)
            break
          } catch (error) {
            // What passes, as on a machine too busy to answer in time, is no loss.
            if (isPassing(error) && opening < OPENINGS) continue
            faults.push(`${owner.name} cannot open ${id}: ${(error as GranaryError).code ?? error}`)
            break
          }
      }
    }
    await Promise.all([work(), work(), work()])
    return [...faults, ...ledger.broken.slice(before)]
  },
}

/** What follows from the chain and the settlement documents alone. Documents are left out: they come with messages. */
const TABLES: Record<string, string> = {
  Pool: '"id"',
  Dataset: '"id"',
  Trainer: '"address"',
  AccessRequest: '"id"',
  Approval: '"request", "dataset"',
  Settlement: '"sequence"',
  Use: '"request", "dataset"',
  Leaf: '"account", "sequence"',
  Claimed: '"account"',
  Proposal: '"id"',
  Vote: '"proposal", "voter"',
  Member: '"account"',
  Mint: '"position"',
  Setting: '"position", "name"',
  ChainEvent: '"position"',
}

const tableOf = async (url: string, table: string) =>
  (await rowsOf(url, `SELECT * FROM "${table}" ORDER BY ${TABLES[table]}`)).map((row) => JSON.stringify(row))

const rowsThatDiffer = async (one: string, other: string): Promise<string[]> => {
  const faults = []
  for (const table of Object.keys(TABLES)) {
    const [here, there] = [await tableOf(one, table), await tableOf(other, table)]
    const [inHere, inThere] = [new Set(here), new Set(there)]
    for (const row of here) if (!inThere.has(row)) faults.push(`${table}, not in a fresh read: ${row}`)
    for (const row of there) if (!inHere.has(row)) faults.push(`${table}, only in a fresh read: ${row}`)
  }
  return faults
}

export const tablesEqualChain: Invariant = {
  name: 'the database is what an empty one becomes by reading the chain, and the replicas say what the chain says',
  async faults({ network }) {
    const fresh = await network.database.another()
    await network.reader(fresh)
    let faults: string[] = []
    for (const until = Date.now() + READ_MS; ; ) {
      const [{ block } = {}] = await rowsOf(fresh, 'SELECT "block" FROM "Checkpoint"')
      const unread = await rowsOf(fresh, 'SELECT 1 FROM "Settlement" WHERE NOT "read" AND "voided" IS NULL')
      const isThere = Number(block) >= (await network.provider.getBlockNumber()) && unread.length === 0
      if (isThere || Date.now() > until) faults = await rowsThatDiffer(network.database.url, fresh)
      if ((isThere && faults.length === 0) || Date.now() > until) break
      await new Promise((done) => setTimeout(done, 500))
    }
    return [...faults, ...(await answersThatDiffer(network))]
  },
}

/** Each replica's answers beside the chain's own. */
async function answersThatDiffer(network: Outcome['network']): Promise<string[]> {
  const faults: string[] = []
  const registry = network.contract('datasetRegistry')
  const ids = (await eventsOf(network, 'datasetRegistry', 'Contributed')).map(
    ({ args }) => args.dataset as Hex,
  )
  for (const url of network.replicas) {
    for (const id of ids) {
      const answer = await fetch(`${url}/v1/datasets/${id}`)
      if (!answer.ok) {
        faults.push(`${url} answers ${answer.status} for ${id}, which is on chain`)
        continue
      }
      const said = (await answer.json()) as {
        owner: string
        pool: number
        ask: boolean
        withdrawn: boolean
        expires: string | null
      }
      const { owner, pool, flags, expires } = await registry.getFunction('dataset')(id)
      const isWithdrawn = (Number(flags) & FLAGS.withdrawn) !== 0
      const until = said.expires ? Date.parse(said.expires) / 1000 : 0
      // Of a withdrawn one the chain keeps owner and flags alone.
      const told = isWithdrawn ? [said.owner] : [said.owner, said.pool, said.ask, until]
      const kept = isWithdrawn
        ? [owner]
        : [owner, Number(pool), (Number(flags) & FLAGS.ask) !== 0, Number(expires)]
      if (said.withdrawn !== isWithdrawn)
        faults.push(`${url} says of ${id} that withdrawn is ${said.withdrawn}`)
      if (JSON.stringify(told) !== JSON.stringify(kept))
        faults.push(`${url} says ${told} of ${id}, the chain ${kept}`)
    }
    const accounts = new Set(
      (await eventsOf(network, 'rewardPool', 'Claimed')).map(({ args }) => args.account as string),
    )
    for (const account of accounts) {
      const { claimed } = (await (await fetch(`${url}/v1/rewards/${account}`)).json()) as { claimed: string }
      const paid: bigint = await network.contract('rewardPool').getFunction('claimed')(account)
      if (BigInt(claimed) !== paid)
        faults.push(`${url} says that ${account} claimed ${claimed}, the chain ${paid}`)
    }
  }
  return faults
}
