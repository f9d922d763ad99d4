import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Address, type Hex, signInSignatureSchema } from '@granary/protocol'
import { type ContractWallet, createClient, type Granary } from '@granary/sdk'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import {
  AbiCoder,
  Contract,
  ContractFactory,
  concat,
  hashMessage,
  type InterfaceAbi,
  randomBytes,
  TypedDataEncoder,
  Wallet,
  ZeroHash,
} from 'ethers'
import type { World } from './world.js'

// Contract wallets of contracts/test/support, deployed and used as people's.

const OUT = join(import.meta.dirname, '../../contracts/out')
const WRAPPED = `0x${'6492'.repeat(16)}`

/** What forge made of a contract of contracts/test/support. */
export function artifact(file: string, name: string): { abi: InterfaceAbi; bytecode: string } {
  const { abi, bytecode } = JSON.parse(readFileSync(join(OUT, `${file}.sol/${name}.json`), 'utf8'))
  return { abi, bytecode: bytecode.object }
}

/** Somebody with gas, who deploys and sends what others signed. */
export async function newCourier(world: World): Promise<Wallet> {
  const courier = new Wallet(Wallet.createRandom().privateKey, world.provider)
  await world.fund(courier.address)
  return courier
}

/** Deploys one of the wallets in Wallets.sol, mostly Mallory's. */
export async function deployWallet(courier: Wallet, name: string, ...args: unknown[]): Promise<Address> {
  return deployed(courier, artifact('Wallets', name), args)
}

/** Deploys it, and answers where. */
export async function deployed(
  courier: Wallet,
  { abi, bytecode }: { abi: InterfaceAbi; bytecode: string },
  args: unknown[],
): Promise<Address> {
  const contract = await new ContractFactory(abi, bytecode, courier).deploy(...args)
  await contract.waitForDeployment()
  return (await contract.getAddress()) as Address
}

/** An account that is a contract, with what an actor has (see actors.ts). */
export interface SharedWallet {
  name: string
  address: Address
  wallet: ContractWallet
  identity: string
  recipient: string
  client: Granary
  /** The same account as these owners would have it, with a client of theirs. */
  signedBy(...owners: Wallet[]): SharedWallet
  /** A transaction of the wallet itself, by its hash once it is in a block. */
  execute(to: string, data: string): Promise<string>
  /** Whether signatures say how the wallet is made (ERC-6492): those of one that is not deployed do. */
  wrapped: boolean
  /** Deploys what was not deployed. */
  deploy(): Promise<void>
}

interface Making {
  factory: Contract
  owners: string[]
  threshold: number
  salt: Hex
}

/** A wallet of which every owner must sign; `deployed: false` leaves it to `deploy`. */
export async function newSharedWallet(
  world: World,
  courier: Wallet,
  owners: readonly Wallet[],
  options: { name?: string; deployed?: boolean } = {},
): Promise<SharedWallet> {
  const { abi } = artifact('SharedWallet', 'SharedWalletFactory')
  const at = await deployed(courier, artifact('SharedWallet', 'SharedWalletFactory'), [])
  const making: Making = {
    factory: new Contract(at, abi, courier),
    owners: owners.map(({ address }) => address),
    threshold: owners.length,
    salt: ZeroHash as Hex,
  }
  const { factory, threshold, salt } = making
  const address = (await factory.getFunction('addressOf')(making.owners, threshold, salt)) as Address
  const identity = generateIdentity()
  const recipient = await identityToRecipient(identity)
  const shared = sharedWallet(world, courier, making, owners, {
    name: options.name ?? 'the family',
    address,
    identity,
    recipient,
    wrapped: options.deployed === false,
  })
  if (options.deployed !== false) await shared.deploy()
  return shared
}

function sharedWallet(
  world: World,
  courier: Wallet,
  making: Making,
  signers: readonly Wallet[],
  facts: Pick<SharedWallet, 'name' | 'address' | 'identity' | 'recipient' | 'wrapped'>,
): SharedWallet {
  const { address } = facts
  const domain = { chainId: world.deployment.chainId, verifyingContract: address }
  const call = making.factory.interface.encodeFunctionData('create', [
    making.owners,
    making.threshold,
    making.salt,
  ])
  const joined = async (types: Record<string, { name: string; type: string }[]>, value: object) => {
    const sorted = [...signers].sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1))
    const all = await Promise.all(
      sorted.map((owner) => owner.signTypedData(domain, types, value as Record<string, unknown>)),
    )
    return concat(all)
  }
  const signed = async (digest: string) => {
    const signature = await joined({ SafeMessage: [{ name: 'message', type: 'bytes' }] }, { message: digest })
    return made.wrapped ? wrap(String(making.factory.target), call, signature) : signature
  }
  const wallet: ContractWallet = {
    address,
    signMessage: (text) => signed(hashMessage(text)),
    signTypedData: (...typed) => signed(TypedDataEncoder.hash(...typed)),
  }
  const contract = new Contract(address, artifact('SharedWallet', 'SharedWallet').abi, courier)
  const made: SharedWallet = {
    ...facts,
    wallet,
    client: createClient({ api: world.api, rpc: world.rpc, wallet }),
    signedBy: (...owners) =>
      sharedWallet(world, courier, making, owners, { ...facts, wrapped: made.wrapped }),
    async execute(to, data) {
      const transaction = { to, value: 0, data, nonce: await contract.getFunction('nonce')() }
      const fields = [
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'data', type: 'bytes' },
        { name: 'nonce', type: 'uint256' },
      ]
      const signatures = await joined({ SafeTx: fields }, transaction)
      return (await (await contract.getFunction('execute')(to, 0, data, signatures)).wait()).hash
    },
    async deploy() {
      const { owners, threshold, salt } = making
      await (await making.factory.getFunction('create')(owners, threshold, salt)).wait()
      made.wrapped = false
    },
  }
  return made
}

/** A signature that says by which call its wallet is made (ERC-6492). */
export function wrap(factory: string, call: string, signature: string): Hex {
  const values = AbiCoder.defaultAbiCoder().encode(['address', 'bytes', 'bytes'], [factory, call, signature])
  return signInSignatureSchema.parse(concat([values, WRAPPED]))
}

/** Gives the account of a key the code of a contract (EIP-7702), by a transaction of somebody else's. */
export async function delegate(courier: Wallet, account: Wallet, target: Address): Promise<void> {
  const authorization = await account.authorize({ address: target, nonce: await account.getNonce() })
  const sent = await courier.sendTransaction({
    type: 4,
    to: courier.address,
    authorizationList: [authorization],
    gasLimit: 200_000,
  })
  await sent.wait()
}

export const someBytes = (length: number): Hex => `0x${Buffer.from(randomBytes(length)).toString('hex')}`
