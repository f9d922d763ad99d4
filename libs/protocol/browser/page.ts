// What a page computes from the vectors' inputs, for the test to compare with their results.
import { Wallet } from 'ethers'
import * as protocol from '../src/index.js'
import { deploymentOf } from '../testing/deployment.js'

export interface Inputs {
  chainId: number
  verifyingContract: protocol.Address
  privateKey: protocol.Hex
  messages: { name: protocol.MessageName; message: unknown }[]
  ids: { owner: protocol.Address; content: protocol.Hex }[]
  sizes: number[]
  manifests: protocol.Hex[][]
  rewards: { account: protocol.Address; total: string }[]
}

/** The vectors' test file: byte number i is (i + (i >> 20)) mod 251, in chunks of 64 KiB. */
function* patternFile(size: number): Generator<Uint8Array> {
  for (let start = 0; start < size; start += 65_536) {
    const length = Math.min(65_536, size - start)
    yield Uint8Array.from({ length }, (_, i) => (start + i + Math.floor((start + i) / 2 ** 20)) % 251)
  }
}

async function pushed(size: number) {
  const { writer, result } = protocol.createCidStream()
  for (const chunk of patternFile(size)) await writer.write(chunk)
  await writer.close()
  return (await result).cid
}

async function compute(inputs: Inputs) {
  const { chainId, verifyingContract: at } = inputs
  const deployment = deploymentOf(() => at, chainId)
  const wallet = new Wallet(inputs.privateKey)
  const signatures = inputs.messages.map(({ name, message }) => {
    const read = protocol.messageSchema(name).parse(message as never) as never
    return protocol.signMessage(wallet, name, read, deployment)
  })
  const entries = inputs.rewards.map(({ account, total }) => ({ account, total: BigInt(total) }))
  return {
    secure: isSecureContext,
    signatures: await Promise.all(signatures),
    ids: inputs.ids.map(({ owner, content }) => protocol.datasetId(owner, content)),
    cids: await Promise.all(
      inputs.sizes.map(async (size) => (await protocol.computeCid(patternFile(size))).cid),
    ),
    pushed: await Promise.all(inputs.sizes.map(pushed)),
    roots: inputs.manifests.map((datasets) => protocol.manifestRoot(datasets)),
    rewardRoot: protocol.rewardTree(entries).root,
    council: protocol.DEVELOPMENT_ACCOUNTS()[0]!.address,
    refusal: protocol.contractErrorCode('DatasetExists'),
  }
}

export type Results = Awaited<ReturnType<typeof compute>>

declare global {
  var computeProtocol: typeof compute
}
globalThis.computeProtocol = compute
