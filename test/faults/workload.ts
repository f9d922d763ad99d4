import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEVELOPMENT_ACCOUNTS, datasetId, GranaryError, type Hex, type InboxItem } from '@granary/protocol'
import type { Sealed } from '@granary/sdk'
import { fileSource, sourceSpool } from '@granary/sdk/node'
import { parseIdentityFile } from '@granary/sealing'
import { parseEther, Wallet } from 'ethers'
import { memorySink } from '../support/actors.js'
import { commandLine } from '../support/command-line.js'
import type { Ledger } from './ledger.js'
import { type FaultNetwork, PRICE } from './network.js'
import { makeTrainer, type Person, person } from './people.js'
import type { Random } from './random.js'

const CONTRIBUTORS = ['Alice', 'Anna', 'Abel'] as const
/** has nothing but the command line */
const CLARA = 'Clara'
const TRAINERS = ['Trent', 'Tess'] as const
const MIB = 1024 ** 2
/** What passes: to be tried again. */
const PASSING = new Set([
  ...['UNREACHABLE', 'TIMED_OUT', 'TOO_MANY_REQUESTS', 'ANSWER_INVALID', 'INTERNAL'],
  ...['SERVICE_UNAVAILABLE', 'STORAGE_UNAVAILABLE', 'DATABASE_UNAVAILABLE', 'CHAIN_UNAVAILABLE'],
  ...[
    'CHAIN_DISAGREES',
    'CUSTODIANS_UNAVAILABLE',
    'CONTENT_UNAVAILABLE',
    'SHARES_TOO_FEW',
    'STORAGE_FULL',
    'RECEIPTS_TOO_FEW',
  ],
  ...['SIWE_EXPIRED', 'NONCE_UNKNOWN', 'UNAUTHENTICATED', 'SESSION_EXPIRED', 'UPLOAD_UNKNOWN'],
])
export const isPassing = (error: unknown) => error instanceof GranaryError && PASSING.has(error.code)
const TRIES = 8

interface Operation {
  name: string
  weight: number
  run(): Promise<unknown>
}

/** Nothing to do for this operation now; counts as neither done nor failed. */
class Idle extends Error {}

/** The people of a run, who go on until they are told to stop. */
export class Clients {
  readonly contributors: Person[] = []
  readonly trainers: Person[] = []
  private readonly stopping = new AbortController()
  private readonly atWork = new Set<ChildProcess>()
  private lives: Promise<void>[] = []

  private constructor(
    private readonly network: FaultNetwork,
    private readonly ledger: Ledger,
    private readonly random: Random,
  ) {}

  static async arrive(network: FaultNetwork, ledger: Ledger, random: Random): Promise<Clients> {
    const clients = new Clients(network, ledger, random)
    for (const name of [CLARA, ...CONTRIBUTORS])
      clients.contributors.push(await person(network, ledger, name, random))
    const council = new Wallet(
      DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'council')!.privateKey,
      network.provider,
    )
    for (const name of TRAINERS) {
      const trainer = await person(network, ledger, name, random)
      await makeTrainer(network, council, trainer, parseEther('100000'))
      clients.trainers.push(trainer)
    }
    return clients
  }

  get all(): Person[] {
    return [...this.contributors, ...this.trainers]
  }

  start(): void {
    const [clara, ...others] = this.contributors
    for (const each of others) this.lives.push(this.live(each, this.ofContributor(each)))
    for (const each of this.trainers) this.lives.push(this.live(each, this.ofTrainer(each)))
    this.lives.push(this.byCommandLine(clara!))
  }

  /** Nobody begins anything new; resolves when what was begun has ended, or after the time given. */
  async stop(ms: number): Promise<boolean> {
    this.stopping.abort()
    const late = sleep(ms, 'late', { ref: false })
    return (await Promise.race([Promise.all(this.lives), late])) !== 'late'
  }

  /** SIGKILL to a command line that is at work, if one is. */
  killOne(): void {
    for (const child of this.atWork) child.kill('SIGKILL')
  }

  /** Bytes that nobody has seen before. */
  private freshBytes(random: Random): Uint8Array {
    if (random.chance(0.15)) return random.bytes(random.whole(MIB, 5 * MIB))
    return random.bytes(random.whole(1, 20_000))
  }

  private async live(who: Person, operations: readonly Operation[]): Promise<void> {
    const bag = operations.flatMap((operation) => Array<Operation>(operation.weight).fill(operation))
    while (!this.stopping.signal.aborted) {
      await this.attempt(who, who.random.pick(bag))
      await sleep(who.random.whole(50, 600))
    }
  }

  private async attempt(who: Person, { name, run }: Operation): Promise<void> {
    try {
      await this.again(who.name, name, run)
      this.ledger.count(name, 'done')
    } catch (error) {
      if (error instanceof Idle) return
      if (!(error instanceof GranaryError))
        this.ledger.broken.push(`${who.name} met an error without a code: ${(error as Error)?.stack}`)
      else this.ledger.count(name, PASSING.has(error.code) ? 'failed' : 'refused')
    }
  }

  /** As the SDK's users would: what passes is tried again. */
  private async again<T>(by: string, name: string, run: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await run()
      } catch (error) {
        if (error instanceof Idle) throw error
        this.ledger.note(by, name, error)
        if (!isPassing(error) || attempt === TRIES || this.stopping.signal.aborted) throw error
        this.ledger.count(name, 'retried')
        await sleep(300 * attempt)
      }
    }
  }

  private ofContributor(who: Person): Operation[] {
    const { client, random } = who
    const { ledger } = this
    const mine: Hex[] = []
    const oneOfMine = () => {
      const left = mine.filter((id) => !ledger.withdrawn.has(id))
      if (left.length === 0) throw new Idle()
      return random.pick(left)
    }
    return [
      { name: 'contribute', weight: 8, run: () => this.contribute(who, mine) },
      {
        name: 'change consent',
        weight: 3,
        run: async () => {
          const consent = {
            purposes: random.pick([
              ['evaluation'],
              ['evaluation', 'fine-tuning'],
              ['fine-tuning', 'commercial'],
            ]),
            expires: random.chance(0.5) ? new Date(Date.now() + random.whole(3_600, 86_400) * 1000) : null,
            ask: random.chance(0.3),
          }
          ledger.transactions.add((await client.datasets.updateConsent(oneOfMine(), consent)).transaction)
        },
      },
      {
        name: 'withdraw',
        weight: 1,
        run: async () => {
          const id = oneOfMine()
          ledger.transactions.add((await client.datasets.withdraw(id)).transaction)
          ledger.withdrawn.set(id, Date.now())
        },
      },
      { name: 'open own', weight: 2, run: () => this.openOwn(who, oneOfMine(), random.chance(0.3)) },
      {
        name: 'answer',
        weight: 4,
        run: async () => {
          const waiting: InboxItem[] = []
          for await (const item of client.inbox.list()) waiting.push(item)
          if (waiting.length === 0) throw new Idle()
          const { request, dataset } = random.pick(waiting)
          await client.requests.approve(request.id as Hex, dataset as Hex, random.chance(0.8))
        },
      },
      {
        name: 'claim',
        weight: 3,
        run: async () => {
          const { claimable } = await client.rewards.get(who.address)
          if (BigInt(claimable) === 0n) throw new Idle()
          ledger.transactions.add((await client.rewards.claim(who.address)).transaction)
        },
      },
      {
        name: 'join',
        weight: 1,
        run: async () => {
          const { claimed } = await client.rewards.get(who.address)
          const { grain } = await client.governance.member(who.address)
          if (BigInt(claimed) <= BigInt(grain)) throw new Idle()
          ledger.transactions.add((await client.governance.join()).transaction)
        },
      },
      { name: 'vote', weight: 2, run: () => this.vote(who) },
    ]
  }

  private async contribute(who: Person, mine: Hex[]): Promise<void> {
    const { client, random, home, recipient } = who
    const bytes = this.freshBytes(random)
    const path = join(home, `${mine.length}-${Date.now()}.bin`)
    writeFileSync(path, bytes)
    const source = await fileSource(path)
    const terms = {
      pool: random.whole(1, 2),
      purposes: random.pick([['evaluation'], ['evaluation', 'fine-tuning']]),
      expires: null,
      ask: random.chance(0.2),
    }
    const spool = () => {
      const kept = sourceSpool(join(home, 'spool'), source)
      return {
        ...kept,
        // Sealed: from now on this content stands for these bytes.
        remember: async (sealed: Sealed) => {
          const dataset = datasetId(who.address, sealed.content)
          const planted = { owner: who.address, sha256: sha256(bytes), size: bytes.length }
          this.ledger.planted.set(dataset, planted)
          await kept.remember!(sealed)
        },
      }
    }
    // The spool remembers: each try goes on where the one before stopped.
    const { id, transaction } = await this.again(who.name, 'contribute', () =>
      client.contribute({ ...terms, source, identity: { recipient }, spool: spool() }),
    )
    this.ledger.transactions.add(transaction)
    this.ledger.contributed.add(id)
    mine.push(id)
  }

  /** Gets one's own file back and compares. */
  async openOwn(who: Person, id: Hex, byCustodians: boolean): Promise<void> {
    const sink = memorySink()
    const key = byCustodians ? { ownerRelease: true as const } : { identity: who.identity }
    await who.client.datasets.open(id, { ...key, sink })
    this.compare(id, sink.files.get(id), who.name)
  }

  private compare(id: Hex, bytes: Uint8Array | undefined, by: string): void {
    const planted = this.ledger.planted.get(id)
    if (!planted) return
    if (!bytes || sha256(bytes) !== planted.sha256)
      this.ledger.broken.push(`${by} opened ${id} and got other bytes than ${planted.owner} contributed`)
  }

  private async vote({ client, random, address, name }: Person): Promise<void> {
    const open = []
    for await (const one of client.governance.list({ state: 'active' })) open.push(one)
    const { votes } = await client.governance.member(address)
    if (BigInt(votes) === 0n) throw new Idle()
    if (open.length > 0) {
      await client.governance.vote(random.pick(open).id as Hex, random.pick(['for', 'against', 'abstain']))
      return
    }
    if (BigInt(votes) < parseEther('0.1')) throw new Idle()
    await client.governance.create({
      calls: [
        { action: 'pool-price', arguments: { pool: '1', price: String(PRICE + BigInt(random.whole(1, 9))) } },
      ],
      description: `${name} proposes a price, ${random.whole(1, 1_000_000)}`,
    })
  }

  private ofTrainer(who: Person): Operation[] {
    const { client, random } = who
    const { ledger } = this
    const mine: Hex[] = []
    const oneOfMine = () => {
      const now = Date.now()
      const open = mine.filter((id) => ledger.opened.get(id)!.expires > now)
      // Now and then one that is over, which must be refused.
      const list = open.length > 0 && random.chance(0.95) ? open : mine
      if (list.length === 0) throw new Idle()
      return random.pick(list)
    }
    return [
      {
        name: 'request',
        weight: 3,
        run: async () => {
          const pool = random.whole(1, 2)
          const purposes = [random.pick(['evaluation', 'fine-tuning'])]
          const fitting: Hex[] = []
          for await (const { id } of client.datasets.list({ pool, purposes })) fitting.push(id as Hex)
          if (fitting.length === 0) throw new Idle()
          const datasets = [
            ...new Set(Array.from({ length: random.whole(1, 6) }, () => random.pick(fitting))),
          ]
          const expires = new Date((await this.chainTime()) + random.whole(25, 70) * 1000)
          const { recipient } = who
          const opened = await client.requests.open({ pool, purposes, datasets, recipient, expires })
          ledger.transactions.add(opened.transaction)
          ledger.opened.set(opened.request, { by: who.name, expires: expires.getTime() })
          mine.push(opened.request)
        },
      },
      { name: 'fetch', weight: 8, run: () => this.fetch(who, oneOfMine()) },
      {
        name: 'refund',
        weight: 2,
        run: async () => {
          const over = mine.filter((id) => ledger.opened.get(id)!.expires < Date.now())
          if (over.length === 0) throw new Idle()
          const id = random.pick(over)
          if ((await client.requests.get(id)).status === 'refunded') throw new Idle()
          ledger.transactions.add((await client.requests.refund(id)).transaction)
        },
      },
      { name: 'settle', weight: 2, run: () => client.settle() },
    ]
  }

  /** In milliseconds: contracts judge by it. */
  private async chainTime(): Promise<number> {
    const seconds = await this.network.chainTime().catch(() => 0)
    return Math.max(Date.now(), 1000 * seconds)
  }

  private async fetch({ name, client, identity }: Person, request: Hex): Promise<void> {
    const begun = Date.now()
    const sink = memorySink()
    await client.fetch(request, { identity, sink })
    for (const [id, bytes] of sink.files) {
      this.compare(id, bytes, name)
      const withdrawn = this.ledger.withdrawn.get(id)
      if (withdrawn !== undefined && withdrawn < begun)
        this.ledger.broken.push(
          `${id} was released to ${name} under ${request} ${begun - withdrawn} ms after its owner was told that it is withdrawn`,
        )
    }
  }

  /** Larger files by the command line, whose process may be killed: it is started again until it is done. */
  private async byCommandLine(who: Person): Promise<void> {
    const random = this.random.child('command line')
    const line = commandLine({ api: this.network.api })
    this.network.endings.push(() => line.remove())
    const key = who.wallet.privateKey
    for (let number = 1; !this.stopping.signal.aborted; number++) {
      const bytes = random.bytes(random.whole(2 * MIB, 8 * MIB))
      const path = line.file(`large-${number}.bin`)
      writeFileSync(path, bytes)
      for (let attempt = 1; attempt <= 3 * TRIES; attempt++) {
        const { child, ended } = line.start(
          key,
          'contribute',
          path,
          '--pool',
          '1',
          '--purposes',
          'evaluation',
        )
        this.atWork.add(child)
        const { code, json, stderr } = await ended
        this.atWork.delete(child)
        const [done] = json?.datasets ?? []
        if (code === 0 && done) {
          this.ledger.planted.set(done.id, { owner: who.address, sha256: sha256(bytes), size: bytes.length })
          this.ledger.contributed.add(done.id)
          const identities = parseIdentityFile(
            readFileSync(line.file(`identities/${who.address}.txt`), 'utf8'),
          )
          who.identity = identities[0]!
          this.ledger.secrets.add(who.identity)
          this.ledger.count('contribute by command line', 'done')
          break
        }
        if (this.stopping.signal.aborted) break
        const why = json?.failed?.[0]?.code ?? json?.error?.code ?? (code === null ? 'SIGKILL' : 'no code')
        this.ledger.note(who.name, 'contribute by command line', { code: why, message: stderr.slice(-300) })
        this.ledger.count('contribute by command line', attempt === 3 * TRIES ? 'failed' : 'retried')
        await sleep(500)
      }
      await sleep(random.whole(500, 2_000))
    }
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
