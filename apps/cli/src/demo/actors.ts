import { join } from 'node:path'
import { type Address, DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { createClient, type Granary } from '@granary/sdk'
import { Wallet } from 'ethers'
import { type ContributorIdentity, contributorIdentity } from '../identities.js'

export interface Actor {
  name: string
  address: Address
  client: Granary
}

export interface Contributor extends Actor {
  identity: ContributorIdentity
}

/** The people of the demo, on the embedded network's accounts. */
export interface Cast {
  alice: Contributor
  anna: Contributor
  trent: Actor
  council: Actor
}

export async function createCast(api: string, folder: string): Promise<Cast> {
  const accounts = DEVELOPMENT_ACCOUNTS()
  const nth = (role: string, position = 0) => accounts.filter((account) => account.role === role)[position]!
  const actor = (name: string, { privateKey, address }: { privateKey: string; address: Address }): Actor => ({
    name,
    address,
    client: createClient({ api, signer: new Wallet(privateKey) }),
  })
  const contributor = async (name: string, position: number): Promise<Contributor> => {
    const base = actor(name, nth('contributor', position))
    return { ...base, identity: await contributorIdentity(join(folder, 'home', name), base.address) }
  }
  return {
    alice: await contributor('Alice', 0),
    anna: await contributor('Anna', 1),
    trent: actor('Trent', nth('trainer')),
    council: actor('the council', nth('council')),
  }
}
