// A trainer's signatures with ethers alone: no Granary library. Each command reads an answer of the API on stdin and
// prints the body of the next call.
//
//   node examples/trainer.mjs session                     the answer of POST /v1/auth/nonce
//   node examples/trainer.mjs request age1…               the answer of POST /v1/access-requests/manifests; pays its price
//
// Reads GRANARY_API (default http://localhost:4280) and GRANARY_PRIVATE_KEY. What has to be signed is in the API's own
// description (/docs-json, `x-granary`): a careful trainer compares the contract addresses there with ones it trusts.
import { randomBytes } from 'node:crypto'
import { Contract, hexlify, JsonRpcProvider, Signature, Wallet } from 'ethers'

const DAY = 24 * 3600
const api = process.env.GRANARY_API || 'http://localhost:4280'
const wallet = new Wallet(process.env.GRANARY_PRIVATE_KEY)
const [command, recipient] = process.argv.slice(2)

const get = async (path) => (await fetch(`${api}${path}`)).json()
const commands = { session, request }
if (!commands[command]) {
  console.error('usage: node examples/trainer.mjs session|request')
  process.exit(2)
}
let text = ''
for await (const chunk of process.stdin) text += chunk
console.log(JSON.stringify(await commands[command](JSON.parse(text))))

async function session({ message }) {
  return { message, signature: await wallet.signMessage(message) }
}

async function request(proposal) {
  if (!proposal.root) throw new Error(`there is no proposal: ${proposal.code} ${proposal.title}`)
  const { messages, permit } = (await get('/docs-json'))['x-granary']
  const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds
  const message = {
    trainer: wallet.address,
    pool: proposal.document.pool,
    purposes: proposal.document.purposes,
    manifestRoot: proposal.root,
    manifestDocument: proposal.digest,
    count: proposal.count,
    recipient: ageKey(recipient),
    maxTotalPrice: proposal.total,
    expires: inSeconds(DAY),
    salt: hexlify(randomBytes(32)),
    deadline: String(inSeconds(600)),
  }
  const { domain, types } = messages.AccessRequest
  return {
    request: message,
    signature: await wallet.signTypedData(domain, types, message),
    permit: await signPermit(permit, proposal.total, inSeconds(600)),
  }
}

/** An ERC-2612 permit, so that paying needs neither gas nor an allowance. */
async function signPermit({ domain, types, spender }, value, deadline) {
  const { rpcUrl } = await get('/v1/network')
  const provider = new JsonRpcProvider(rpcUrl)
  const abi = ['function name() view returns (string)', 'function nonces(address) view returns (uint256)']
  const token = new Contract(domain.verifyingContract, abi, provider)
  const [name, nonce] = await Promise.all([token.name(), token.nonces(wallet.address)])
  provider.destroy()
  const message = { owner: wallet.address, spender, value, nonce, deadline }
  const { v, r, s } = Signature.from(await wallet.signTypedData({ ...domain, name }, types, message))
  return { value, deadline: String(deadline), v, r, s }
}

/** The 32 bytes in `age1…` (bech32, whose checksum whoever made the key has checked). */
function ageKey(bech32) {
  const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
  const bits = [...bech32.slice('age1'.length, -6)].map((letter) =>
    letters.indexOf(letter).toString(2).padStart(5, '0'),
  )
  const bytes = bits.join('').match(/.{8}/g).slice(0, 32)
  return hexlify(Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2)))
}
