import {
  type Address,
  datasetsRoot,
  type Hex,
  MAX_SIGN_IN_SIGNATURE_BYTES,
  MAX_SIGNATURE_BYTES,
  type MessageOf,
  messageToJson,
  signMessage,
} from '@granary/protocol'
import { type Contributed, createClient } from '@granary/sdk'
import { recipientToBytes } from '@granary/sealing'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { hexlify, parseEther, type Wallet, ZeroAddress } from 'ethers'
import {
  type Actor,
  contributeBytes,
  memorySink,
  newContributor,
  newStranger,
  newTrainer,
} from '../support/actors.js'
import { askCustodian, balanceOf, codeOf, inSeconds } from '../support/releases.js'
import { call, contribution, refusal, sealText, settled, signIn, upload } from '../support/rest.js'
import {
  delegate,
  deployWallet,
  newCourier,
  newSharedWallet,
  type SharedWallet,
  someBytes,
  wrap,
} from '../support/wallets.js'
import { sharedWorld, waitFor } from '../support/world.js'

// Alice and Anna share a contract wallet, a trainer has one, a third is not deployed yet, and Mallory has wallets that do
// their worst. All of it by the programs as they are built.

const world = sharedWorld()
const PRICE = parseEther('2')
const bytes = (text: string) => new TextEncoder().encode(text)
const recipes = bytes('the recipes of the family')
const TERMS = { purposes: ['fine-tuning'], expires: null } as const

let courier: Wallet
let pool: number
let alice: Actor
let anna: Actor
let mallory: Actor
let family: SharedWallet

beforeAll(async () => {
  pool = await world.createPool({ price: PRICE })
  courier = await newCourier(world)
  alice = await newContributor(world, 'Alice')
  anna = await newContributor(world, 'Anna')
  mallory = await newStranger(world)
  family = await newSharedWallet(world, courier, [alice.wallet, anna.wallet])
})

/** Somebody's attempt to sign in as an account, by whatever signs. */
async function tryToSignIn(address: Address, sign: (text: string) => Promise<string> | string) {
  const { body } = await call(world, 'POST', '/v1/auth/nonce', { body: { address } })
  const signature = await sign(body.message)
  return call(world, 'POST', '/v1/auth/session', { body: { message: body.message, signature } })
}

const ownerOf = async (id: Hex) =>
  (await world.contract('datasetRegistry').getFunction('dataset')(id)).owner as Address

describe('POST /v1/auth/session', () => {
  it('refuses a wallet whose owners did not all sign', async () => {
    const one = family.signedBy(alice.wallet)
    expect(refusal(await tryToSignIn(family.address, one.wallet.signMessage))).toBe('422 SIGNATURE_INVALID')
    const wrong = family.signedBy(alice.wallet, mallory.wallet)
    expect(refusal(await tryToSignIn(family.address, wrong.wallet.signMessage))).toBe('422 SIGNATURE_INVALID')
    const bare = (text: string) => alice.wallet.signMessage(text)
    expect(refusal(await tryToSignIn(family.address, bare))).toBe('422 SIGNATURE_INVALID')
  })

  it('refuses wallets that burn all gas, revert or answer too little', async () => {
    for (const name of ['BurningWallet', 'RevertingWallet', 'ShortWallet']) {
      const address = await deployWallet(courier, name)
      const signed = await tryToSignIn(address, (text) => mallory.wallet.signMessage(text))
      expect(refusal(signed)).toBe('422 SIGNATURE_INVALID')
    }
  })

  it('refuses a wrapped signature whose factory makes another wallet, nothing, or a fire', async () => {
    const theirs = await newSharedWallet(world, courier, [alice.wallet], { deployed: false })
    const hers = await newSharedWallet(world, courier, [mallory.wallet], { deployed: false })
    expect(refusal(await tryToSignIn(theirs.address, hers.wallet.signMessage))).toBe('422 SIGNATURE_INVALID')
    expect(refusal(await tryToSignIn(alice.address, hers.wallet.signMessage))).toBe('422 SIGNATURE_INVALID')
    const burner = await deployWallet(courier, 'BurningWallet')
    for (const factory of [ZeroAddress, mallory.address, burner]) {
      const signed = await tryToSignIn(theirs.address, async (text) =>
        wrap(factory, someBytes(100), await alice.wallet.signMessage(text)),
      )
      expect(refusal(signed)).toBe('422 SIGNATURE_INVALID')
    }
  })

  it('refuses a wrapped signature that cannot be decoded', async () => {
    for (const rubbish of ['', someBytes(31).slice(2), someBytes(4000).slice(2)]) {
      const signed = await tryToSignIn(mallory.address, () => `0x${rubbish}${'6492'.repeat(16)}`)
      expect(refusal(signed)).toBe('422 SIGNATURE_INVALID')
    }
  })

  it('refuses a signature beyond its limit, and judges one at its limit', async () => {
    const at = await tryToSignIn(mallory.address, () => someBytes(MAX_SIGN_IN_SIGNATURE_BYTES))
    expect(refusal(at)).toBe('422 SIGNATURE_INVALID')
    const beyond = await tryToSignIn(mallory.address, () => someBytes(MAX_SIGN_IN_SIGNATURE_BYTES + 1))
    expect(refusal(beyond)).toBe('400 VALIDATION_FAILED')
  })

  it('spends the nonce of a wallet as of a key', async () => {
    const { body } = await call(world, 'POST', '/v1/auth/nonce', { body: { address: family.address } })
    const present = async (from: SharedWallet) =>
      call(world, 'POST', '/v1/auth/session', {
        body: { message: body.message, signature: await from.wallet.signMessage(body.message) },
      })
    expect(refusal(await present(family.signedBy(alice.wallet)))).toBe('422 SIGNATURE_INVALID')
    expect(refusal(await present(family))).toBe('401 NONCE_UNKNOWN')
  })

  it('takes a wallet, and one that is not deployed, of which nothing is left on chain', async () => {
    expect((await family.client.auth.signIn()).address).toBe(family.address)
    const later = await newSharedWallet(world, courier, [anna.wallet], { deployed: false })
    expect((await later.client.auth.signIn()).address).toBe(later.address)
    expect(await world.provider.getCode(later.address)).toBe('0x')
    await later.deploy()
    const still = await tryToSignIn(later.address, later.wallet.signMessage)
    expect(still.status).toBe(201)
  })
})

describe('a signed message', () => {
  it('is refused for a wallet whose owners did not all sign', async () => {
    const token = await signIn(world, family.wallet)
    const sealed = await sealText(family, 'not signed by Anna')
    await upload(world, token, sealed)
    const body = await contribution(world, family.signedBy(alice.wallet), sealed, pool)
    const answer = await call(world, 'POST', '/v1/datasets', { token, body })
    expect(refusal(answer)).toBe('422 SIGNATURE_INVALID')
  })

  it('is refused in Mallory’s session, and so is hers in the name of the wallet', async () => {
    const token = await signIn(world, mallory.wallet)
    const sealed = await sealText(family, 'the wallet’s own')
    const body = await contribution(world, family, sealed, pool)
    expect(refusal(await call(world, 'POST', '/v1/datasets', { token, body }))).toBe('403 ADDRESS_MISMATCH')
    const theirs = await signIn(world, family.wallet)
    const forged = await contribution(world, mallory, sealed, pool, { owner: family.address })
    const answer = await call(world, 'POST', '/v1/datasets', { token: theirs, body: forged })
    expect(refusal(answer)).toBe('422 SIGNATURE_INVALID')
  })

  it('is refused beyond the limit of its signature, and judged at it', async () => {
    const token = await signIn(world, family.wallet)
    const sealed = await sealText(family, 'a long signature')
    const body = await contribution(world, family, sealed, pool)
    const send = (signature: Hex) =>
      call(world, 'POST', '/v1/datasets', { token, body: { ...body, signature } })
    expect(refusal(await send(someBytes(MAX_SIGNATURE_BYTES)))).toBe('422 SIGNATURE_INVALID')
    expect(refusal(await send(someBytes(MAX_SIGNATURE_BYTES + 1)))).toBe('400 VALIDATION_FAILED')
  })

  it('of a wallet that burns its gas only on chain fails by itself, and its neighbours are taken', async () => {
    const address = await deployWallet(courier, 'TwoFacedWallet')
    const wallet = {
      address,
      signMessage: async () => '0x',
      signTypedData: async () => '0x',
    }
    const theirs = createClient({ api: world.api, rpc: world.rpc, wallet })
    const hers = await signIn(world, wallet)
    const burning = await sealText({ client: theirs, recipient: mallory.recipient }, 'a fire')
    await upload(world, hers, burning)
    const [first, ...rest] = await Promise.all([
      call(world, 'POST', '/v1/datasets', {
        token: hers,
        body: await contribution(world, { address, wallet }, burning, pool),
      }),
      ...[alice, anna].map(async (owner) => {
        const token = await signIn(world, owner.wallet)
        const sealed = await sealText(owner, `beside a fire, by ${owner.name}`)
        await upload(world, token, sealed)
        const body = await contribution(world, owner, sealed, pool)
        return call(world, 'POST', '/v1/datasets', { token, body })
      }),
    ])
    expect(await settled(world, first!.body.relay)).toMatchObject({
      status: 'refused',
      code: 'SIGNATURE_INVALID',
    })
    for (const { body } of rest)
      expect(await settled(world, body.relay)).toMatchObject({ status: 'confirmed' })
  })
})

describe('a shared wallet as a contributor', () => {
  let kept: Contributed

  it('contributes a sealed file, at no gas', async () => {
    kept = await contributeBytes(family, recipes, { ...TERMS, pool, name: 'recipes.txt' })
    expect(await ownerOf(kept.id)).toBe(family.address)
    expect(await world.provider.getBalance(family.address)).toBe(0n)
  })

  it('changes its consent, and withdraws another file', async () => {
    await family.client.datasets.updateConsent(kept.id, {
      purposes: ['fine-tuning', 'commercial'],
      expires: null,
      ask: true,
    })
    expect(await family.client.datasets.get(kept.id)).toMatchObject({
      ask: true,
      purposes: ['fine-tuning', 'commercial'],
    })
    const other = await contributeBytes(family, bytes('a mistake'), { ...TERMS, pool })
    await family.client.datasets.withdraw(other.id)
    expect(await family.client.datasets.get(other.id)).toMatchObject({ status: 'withdrawn' })
  })

  it('answers a request in ask mode, is paid, and claims', async () => {
    const trent = await newTrainer(world)
    const { request } = await trent.client.requests.open({
      pool,
      purposes: ['fine-tuning', 'commercial'],
      recipient: trent.recipient,
    })
    await family.client.requests.approve(request, kept.id, true)
    const sink = memorySink()
    const { failed } = await trent.client.fetch(request, { identity: trent.identity, sink })
    expect(failed).toEqual([])
    expect(sink.files.get(kept.id)).toEqual(recipes)
    await waitFor('the reward', async () => {
      await trent.client.settle()
      return BigInt((await family.client.rewards.get(family.address)).earned) > 0n
    })
    const { amount } = await family.client.rewards.claim(family.address)
    expect(amount).toBe((PRICE * 85n) / 100n)
    expect(await balanceOf(world, family.address)).toBe(amount)
  })

  it('opens its own file by the custodians, and nobody else does in its name', async () => {
    const sink = memorySink()
    await family.client.datasets.open(kept.id, { ownerRelease: true, sink })
    expect(sink.files.get(kept.id)).toEqual(recipes)
    const one = family.signedBy(alice.wallet)
    const attempt = one.client.datasets.open(kept.id, { ownerRelease: true, sink: memorySink() })
    expect(await codeOf(attempt)).toBe('SIGNATURE_INVALID')
  })
})

describe('an owner’s release', () => {
  it('is refused by each custodian in the name of a wallet that burns all gas, reverts or is not there', async () => {
    const { id, content } = await contributeBytes(alice, bytes('only for Alice'), { ...TERMS, pool }).then(
      (contributed) => alice.client.datasets.get(contributed.id),
    )
    const nobody = await newSharedWallet(world, courier, [mallory.wallet], { deployed: false })
    const owners = [
      await deployWallet(courier, 'BurningWallet'),
      await deployWallet(courier, 'RevertingWallet'),
      nobody.address,
    ]
    for (const owner of owners) {
      const release: MessageOf<'OwnerRelease'> = {
        owner,
        datasets: datasetsRoot([id as Hex]),
        recipient: hexlify(recipientToBytes(mallory.recipient)) as Hex,
        deadline: BigInt(inSeconds(600)),
      }
      const body = {
        release: messageToJson('OwnerRelease', release),
        signature: await signMessage(nobody.wallet, 'OwnerRelease', release, world.deployment),
        datasets: [{ dataset: id, content }],
      }
      for (const member of [1, 2, 3])
        expect(await askCustodian(world, member, '/v1/owner-releases', body)).toMatchObject({
          status: 422,
          body: { code: 'SIGNATURE_INVALID' },
        })
    }
  })
})

describe('a wallet that is not deployed yet', () => {
  it('is told so when it contributes, and contributes once it is', async () => {
    const later = await newSharedWallet(world, courier, [alice.wallet], { deployed: false })
    await later.client.auth.signIn()
    const attempt = () => contributeBytes(later, bytes('from a new wallet'), { ...TERMS, pool })
    expect(await codeOf(attempt())).toBe('ACCOUNT_NOT_DEPLOYED')
    await later.deploy()
    expect(await ownerOf((await attempt()).id)).toBe(later.address)
  })
})

describe('an account with EIP-7702 code', () => {
  it.each(['BurningWallet', 'YesWallet'])('signs with its key beside the code of a %s', async (name) => {
    const owner = await newContributor(world)
    await delegate(courier, owner.wallet, await deployWallet(courier, name))
    expect(await world.provider.getCode(owner.address)).toMatch(/^0xef0100/)
    await owner.client.auth.signIn()
    const { id } = await contributeBytes(owner, bytes(`beside a ${name}`), { ...TERMS, pool })
    expect(await ownerOf(id)).toBe(owner.address)
    await owner.client.datasets.withdraw(id)
  })

  it('opens a request with a permit of its key', async () => {
    const trainer = await newTrainer(world)
    await delegate(courier, trainer.wallet, await deployWallet(courier, 'BurningWallet'))
    await contributeBytes(alice, bytes('for a 7702 trainer'), { ...TERMS, pool, purposes: ['retrieval'] })
    const { request } = await trainer.client.requests.open({
      pool,
      purposes: ['retrieval'],
      recipient: trainer.recipient,
    })
    const sink = memorySink()
    const { failed } = await trainer.client.fetch(request, { identity: trainer.identity, sink })
    expect(failed).toEqual([])
    expect([...sink.files.values()]).toEqual([bytes('for a 7702 trainer')])
  })

  it('is refused what its key did not sign, were its code to burn', async () => {
    const owner = await newContributor(world)
    await delegate(courier, owner.wallet, await deployWallet(courier, 'BurningWallet'))
    const signed = await tryToSignIn(owner.address, (text) => mallory.wallet.signMessage(text))
    expect(refusal(signed)).toBe('422 SIGNATURE_INVALID')
  })
})
