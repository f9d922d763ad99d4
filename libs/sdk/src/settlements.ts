import {
  contentToCid,
  GranaryError,
  type Hex,
  type MessageOf,
  parseDocument,
  settlementDocumentSchema,
  settlementInCall,
  settlementOf,
  type TakenSettlement,
} from '@granary/protocol'
import type { Done } from './chain.js'
import { allPages, type Context, until } from './context.js'

export interface Voided extends Done {
  /** What was voided, by number ascending. */
  settlements: TakenSettlement[]
}

/** Settlements as the chain took them. Voiding is a transaction of the guardian's account, giving back of any account's. */
export interface Settlements {
  /** Newest first, voided ones included. */
  list(): AsyncGenerator<TakenSettlement>
  /** The one of this number that stands, else the last one voided. Throws SETTLEMENT_UNKNOWN. */
  get(number: number): Promise<TakenSettlement>
  /**
   * Voids a settlement and all after it; what they had taken stays away until `giveBack`. Waits until the API shows it.
   * Throws NOT_GUARDIAN, SETTLEMENT_EFFECTIVE, SETTLEMENT_UNKNOWN.
   */
  voidFrom(number: number): Promise<Voided>
  /**
   * Gives back what a voided settlement had taken: to the escrows, or to trainers who were refunded meanwhile. Null when
   * somebody else did it before. Throws NOTHING_TO_GIVE_BACK when it stands, SETTLEMENT_DOCUMENT_UNAVAILABLE when neither
   * its transaction nor its document says what it was.
   */
  giveBack(settlement: TakenSettlement): Promise<Done | null>
}

export function createSettlements(context: Context): Settlements {
  const list = () => allPages<TakenSettlement>(context, '/v1/settlements', {})
  const get = (number: number) => context.call<TakenSettlement>(`/v1/settlements/${number}`)

  /** Those from `number` on that stand, by number ascending. */
  async function standing(number: number): Promise<TakenSettlement[]> {
    const found: TakenSettlement[] = []
    for await (const one of list()) {
      if (one.state === 'in-effect') break
      if (one.state === 'pending' && one.number >= number) found.unshift(one)
    }
    return found
  }

  /** As this very one stands in the API now. */
  async function again({ sequence }: TakenSettlement): Promise<TakenSettlement | undefined> {
    for await (const one of list()) if (one.sequence <= sequence) return one
    return undefined
  }

  /** What the chain took, to the byte: the transaction tells, or, where a contract passed it on, the document. */
  async function* messages({ taken, document }: TakenSettlement): AsyncGenerator<MessageOf<'Settlement'>> {
    const { provider } = await context.chain()
    const called = settlementInCall((await provider.getTransaction(taken.transaction))?.data ?? '0x')
    if (called?.document === document) yield called
    const explained = await read(document as Hex)
    if (explained) yield explained
  }

  async function read(document: Hex): Promise<MessageOf<'Settlement'> | undefined> {
    const { committee } = await context.network()
    const gateways = [context.api, ...(committee?.members ?? []).map(({ endpoint }) => endpoint)]
    const headers = { accept: 'application/vnd.ipld.raw' }
    for (const gateway of gateways) {
      const url = `${gateway.replace(/\/+$/, '')}/ipfs/${contentToCid(document, true)}?format=raw`
      const found = await (gateway === context.api ? context.http : context.elsewhere)
        .response(url, { headers })
        .then(async (answer) =>
          parseDocument(settlementDocumentSchema, new Uint8Array(await answer.arrayBuffer())),
        )
        .catch(() => undefined)
      if (found) return settlementOf(found, document)
    }
    return undefined
  }

  async function giveBack(settlement: TakenSettlement): Promise<Done | null> {
    if (settlement.state !== 'voided') throw new GranaryError('NOTHING_TO_GIVE_BACK')
    const chain = await context.chain()
    let refusal: unknown
    for await (const message of messages(settlement)) {
      try {
        const done = await chain.send('rewardPool', 'giveBack', [message])
        await until(`settlement ${settlement.number} as given back`, async () =>
          (await again(settlement))?.returned ? true : undefined,
        )
        return done
      } catch (error) {
        if (!REVERTS.includes((error as { code?: string }).code ?? '')) throw error
        refusal = error
      }
    }
    if (!refusal) throw new GranaryError('SETTLEMENT_DOCUMENT_UNAVAILABLE')
    // Custodians do it, too: somebody may have been faster.
    const back = () => again(settlement).then((now) => now?.returned || undefined)
    if (await until('the giving back', back, { timeout: 5_000 }).catch(() => undefined)) return null
    throw refusal
  }

  return {
    list,
    get,
    giveBack,
    async voidFrom(number) {
      const before = await standing(number)
      const done = await (await context.chain()).send('rewardPool', 'voidFrom', [number])
      const settlements = await Promise.all(
        before.map((one) =>
          until(`settlement ${one.number} as voided`, async () => {
            const now = await again(one)
            return now?.state === 'voided' ? now : undefined
          }),
        ),
      )
      return { ...done, settlements }
    },
  }
}

/** How a chain refuses: before a transaction is sent, or, when somebody else's came first, after it. */
const REVERTS: readonly string[] = ['NOTHING_TO_GIVE_BACK', 'CONTRACT_REVERTED', 'CALL_EXCEPTION']
