import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Address } from '@granary/protocol'
import { createClient, type Granary } from '@granary/sdk'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import { type Contract, Wallet } from 'ethers'
import type { Ledger } from './ledger.js'
import type { FaultNetwork } from './network.js'
import type { Random } from './random.js'

/** Somebody with a wallet, an age identity and the SDK. The wallet follows from the seed, the identity does not. */
export interface Person {
  name: string
  wallet: Wallet
  address: Address
  identity: string
  recipient: string
  client: Granary
  random: Random
  /** a folder of this person's own */
  home: string
}

export async function person(
  network: FaultNetwork,
  ledger: Ledger,
  name: string,
  random: Random,
): Promise<Person> {
  const own = random.child(name)
  const wallet = new Wallet(`0x${Buffer.from(own.bytes(32)).toString('hex')}`, network.provider)
  const identity = generateIdentity()
  ledger.secrets.add(wallet.privateKey.slice(2))
  ledger.secrets.add(identity)
  return {
    name,
    wallet,
    address: wallet.address as Address,
    identity,
    recipient: await identityToRecipient(identity),
    client: createClient({
      api: network.api,
      rpc: network.rpcUrl,
      signer: wallet,
      deployment: network.deployment,
      fetch: ledger.watching(name),
    }),
    random: own,
    home: mkdtempSync(join(network.home, `${name}-`)),
  }
}

/** Applies, is approved by the council and gets money. */
export async function makeTrainer(network: FaultNetwork, council: Wallet, trainer: Person, tokens: bigint) {
  const token = network.contract('token').connect(council) as Contract
  await (await token.getFunction('mint')(trainer.address, tokens)).wait()
  await trainer.client.trainers.apply({ name: trainer.name, description: 'Trains in tests.' })
  const asCouncil = createClient({
    api: network.api,
    rpc: network.rpcUrl,
    signer: council,
    deployment: network.deployment,
  })
  await asCouncil.council.approve(trainer.address)
}
