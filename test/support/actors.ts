import { createHash } from 'node:crypto'
import type { Address, Hex } from '@granary/protocol'
import {
  type Contributed,
  createClient,
  type Granary,
  memorySpool,
  type Sink,
  type Terms,
} from '@granary/sdk'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import { parseEther, Wallet } from 'ethers'
import type { World } from './world.js'

/** Somebody with a fresh wallet that nobody funded, an age identity, and the SDK. */
export interface Actor {
  name: string
  wallet: Wallet
  address: Address
  identity: string
  recipient: string
  client: Granary
}

async function actor(world: World, name: string): Promise<Actor> {
  const wallet = new Wallet(Wallet.createRandom().privateKey, world.provider)
  const identity = generateIdentity()
  return {
    name,
    wallet,
    address: wallet.address as Address,
    identity,
    recipient: await identityToRecipient(identity),
    client: createClient({ api: world.api, rpc: world.rpc, signer: wallet }),
  }
}

/** Alice, Anna and the like: has nothing but a wallet. */
export const newContributor = (world: World, name = 'Alice'): Promise<Actor> => actor(world, name)

/** Somebody who attacks; what they have is what anybody has. */
export const newStranger = (world: World, name = 'Mallory'): Promise<Actor> => actor(world, name)

export interface TrainerOptions {
  name?: string
  /** whether the council has approved them; they have applied either way */
  approved?: boolean
  /** test tokens; no ETH, the operator pays the gas */
  tokens?: bigint
}

/** Trent: applied, approved and in funds unless said otherwise. */
export async function newTrainer(world: World, options: TrainerOptions = {}): Promise<Actor> {
  const trainer = await actor(world, options.name ?? 'Trent')
  await makeTrainer(world, trainer, options)
  return trainer
}

/** Applies in the name of somebody, who is approved and in funds unless said otherwise. */
export async function makeTrainer(
  world: World,
  { name, address, client }: Pick<Actor, 'name' | 'address' | 'client'>,
  { approved = true, tokens = parseEther('1000') }: TrainerOptions = {},
): Promise<void> {
  if (tokens > 0n) await world.mint(address, tokens)
  await client.trainers.apply({ name, description: 'Trains in tests.' })
  if (approved) await world.council.client.council.approve(address)
}

/** Seals, uploads and registers bytes as a file. */
export function contributeBytes(
  { client, recipient }: Pick<Actor, 'client' | 'recipient'>,
  bytes: Uint8Array,
  terms: Terms & { name?: string; type?: string },
): Promise<Contributed> {
  const { name = 'data.bin', type = 'application/octet-stream', ...rest } = terms
  return client.contribute({
    ...rest,
    source: {
      name,
      type,
      size: bytes.length,
      stream: () => new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(),
    },
    identity: { recipient },
    spool: memorySpool(),
  })
}

/** A sink that keeps opened files in memory, by dataset. Only what was verified is there. */
export function memorySink(): Sink & { files: Map<Hex, Uint8Array> } {
  const files = new Map<Hex, Uint8Array>()
  return {
    files,
    async open(dataset) {
      const parts: Uint8Array[] = []
      return {
        writable: new WritableStream({ write: (chunk) => void parts.push(chunk.slice()) }),
        commit: async () => void files.set(dataset, new Uint8Array(Buffer.concat(parts))),
        discard: async () => {},
      }
    },
  }
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
