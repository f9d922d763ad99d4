// What the API is measured beside: Fastify and pg with nothing around them, in a process of its own. The same queries on
// the same database with as many connections, the same JSON; no limits, no checks, no log, no metrics.
//
//     node bench/load/bare.mjs      forked, with DATABASE_URL, BLOCKS, UPLOADS and CHAIN_ID in its environment
import { createHash, randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  bitsToPurposes,
  contentToCid,
  documentDigest,
  manifestRoot,
  purposesToBits,
  rewardTree,
} from '@granary/protocol'
import { verifyMessage } from 'ethers'
import fastify from 'fastify'
import { base32upper } from 'multiformats/bases/base32'
import { CID } from 'multiformats/cid'
import pg from 'pg'

const { DATABASE_URL, BLOCKS, UPLOADS, CHAIN_ID, DOMAIN } = process.env
const CONNECTIONS = 4
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: CONNECTIONS })
const server = fastify({ bodyLimit: 1_048_576 })

const query =
  (text) =>
  async (...values) =>
    (await pool.query(text, values)).rows

// The catalogue: a page in one query.
const page = (where) =>
  query(`
    SELECT d.*, m."body" AS "document", c."size" AS "bytes", u."earned", u."uses"
    FROM (SELECT * FROM "Dataset" WHERE ${where}) d
      LEFT JOIN "Document" m ON m."digest" = d."metadata"
      LEFT JOIN "Content" c ON c."content" = d."content"
      LEFT JOIN LATERAL (
        SELECT coalesce(sum("amount"), 0)::text AS "earned", count(*)::int AS "uses" FROM "Use" WHERE "dataset" = d."id"
      ) u ON TRUE
    ORDER BY d."position" DESC`)
const newest = page('TRUE ORDER BY "position" DESC LIMIT $1')
const before = page('"position" < $2 ORDER BY "position" DESC LIMIT $1')
const ofOwner = page('"owner" = $2 ORDER BY "position" DESC LIMIT $1')
const byId = page('"id" = $1')

const time = (seconds) => (seconds === '0' ? null : new Date(Number(seconds) * 1000).toISOString())

function present(row) {
  const expired = row.expires !== '0' && Number(row.expires) * 1000 <= Date.now()
  return {
    id: row.id,
    owner: row.owner,
    cid: contentToCid(row.content, row.rawRoot),
    content: row.content,
    rawRoot: row.rawRoot,
    pool: row.pool,
    purposes: bitsToPurposes(Number(row.purposes)),
    expires: time(row.expires),
    ask: row.ask,
    withdrawn: row.withdrawn,
    status: row.withdrawn ? 'withdrawn' : expired ? 'expired' : 'active',
    metadata: row.document,
    metadataCid: contentToCid(row.metadata, true),
    size: row.bytes === null ? null : Number(row.bytes),
    registered: { block: Number(row.block), transaction: row.transaction, time: row.time.toISOString() },
    earned: row.earned,
    uses: row.uses,
  }
}

server.get('/v1/datasets', async ({ query: { cursor, owner, limit = 50 } }) => {
  const take = Number(limit)
  const place = cursor && Buffer.from(cursor, 'base64url').toString()
  const rows = await (owner ? ofOwner(take + 1, owner) : place ? before(take + 1, place) : newest(take + 1))
  const shown = rows.slice(0, take)
  const next = rows.length > take ? Buffer.from(shown.at(-1).position).toString('base64url') : null
  return { items: shown.map(present), next }
})
server.get('/v1/datasets/:id', async ({ params }) => present((await byId(params.id))[0]))

const pools = query(`
  SELECT p."id", p."terms", p."price"::text, p."lowestPrice"::text, p."closed", m."body",
    (SELECT count(*)::int FROM "Dataset" d WHERE d."pool" = p."id" AND NOT d."withdrawn") AS "datasets"
  FROM "Pool" p LEFT JOIN "Document" m ON m."digest" = p."terms" ORDER BY p."id" LIMIT 51`)
server.get('/v1/pools', async () => ({
  items: (await pools()).map(({ body, terms, ...row }) => ({
    ...row,
    title: body?.title ?? null,
    description: body?.description ?? null,
    terms: contentToCid(terms, true),
  })),
  next: null,
}))

const inEffect = query(`
  SELECT "sequence", "root" FROM "Settlement" WHERE "voided" IS NULL AND "read" AND "effectiveFrom" <= $1
  ORDER BY "sequence" DESC LIMIT 1`)
const ofAccount = query(`
  SELECT
    coalesce((SELECT "total"::text FROM "Claimed" WHERE "account" = $1), '0') AS "claimed",
    (SELECT coalesce(json_agg(e), '[]') FROM (
      SELECT u."dataset", u."request", u."amount"::text, s."number" AS "settlement"
      FROM "Use" u JOIN "Settlement" s ON s."sequence" = u."sequence" WHERE u."owner" = $1
      ORDER BY u."sequence" DESC, u."request", u."dataset" LIMIT 200
    ) e) AS "entries",
    (SELECT coalesce(json_agg(l), '[]') FROM (
      SELECT l."total"::text, s."number" AS "settlement", s."effectiveFrom"::text AS "from"
      FROM "Leaf" l JOIN "Settlement" s ON s."sequence" = l."sequence"
      WHERE l."account" = $1 AND l."sequence" > $2 ORDER BY l."sequence"
    ) l) AS "later"`)
const leaves = query('SELECT "account", "total"::text FROM "Leaf" WHERE "sequence" = $1')
let kept
server.get('/v1/rewards/:address', async ({ params: { address } }) => {
  const [settlement] = await inEffect(Math.floor(Date.now() / 1000))
  if (kept?.sequence !== settlement.sequence) {
    const rows = (await leaves(settlement.sequence)).map(({ account, total }) => ({
      account,
      total: BigInt(total),
    }))
    const totals = new Map(rows.map(({ account, total }) => [account, total]))
    kept = { sequence: settlement.sequence, tree: rewardTree(rows), totals }
  }
  const earned = kept.totals.get(address) ?? 0n
  const [{ entries, later, ...known }] = await ofAccount(address, kept.sequence)
  const claimed = BigInt(known.claimed)
  return {
    address,
    earned: earned.toString(),
    claimed: claimed.toString(),
    claimable: (earned > claimed ? earned - claimed : 0n).toString(),
    total: earned.toString(),
    root: kept.tree.root,
    proof: earned > 0n ? kept.tree.proof(address) : [],
    pending: later,
    entries,
  }
})

const erased = query(`
  SELECT EXISTS (SELECT 1 FROM "Erasure" WHERE "content" = $1 AND "state" = ANY($3::text[])) OR (
    (EXISTS (SELECT 1 FROM "ErasedBlock" WHERE "cid" = $2)
      OR EXISTS (SELECT 1 FROM "ContentBlock" b JOIN "Erasure" e ON e."content" = b."content"
        WHERE b."cid" = $2 AND e."state" = ANY($3::text[])))
    AND NOT EXISTS (SELECT 1 FROM "ContentBlock" b WHERE b."cid" = $2 AND NOT EXISTS
      (SELECT 1 FROM "Erasure" e WHERE e."content" = b."content" AND e."state" = ANY($3::text[])))
    AND NOT EXISTS (SELECT 1 FROM "UploadBlock" u WHERE u."cid" = $2)
  ) AS "found"`)
const ERASED = ['erasing', 'erased']

server.get('/ipfs/:cid', async ({ params }, reply) => {
  const { multihash } = CID.parse(params.cid)
  const content = `0x${Buffer.from(multihash.digest).toString('hex')}`
  if ((await erased(content, params.cid, ERASED))[0].found) return reply.status(410).send()
  const name = base32upper.encoder.encode(multihash.bytes)
  reply.type('application/vnd.ipld.raw')
  return readFile(join(BLOCKS, name.slice(-2), `${name}.data`))
})

// Sign-in: one recovery of a key and what has to be written down.
const addNonce = query(`
  WITH "over" AS (DELETE FROM "Nonce" WHERE "expiresAt" < $4)
  INSERT INTO "Nonce" ("nonce", "address", "expiresAt") VALUES ($1, $2, $3)`)
const spendNonce = query(
  'DELETE FROM "Nonce" WHERE "nonce" = $1 AND "address" = $2 AND "expiresAt" > $3 RETURNING 1',
)
const addSession = query(`
  WITH "over" AS (DELETE FROM "Session" WHERE "expiresAt" < $4)
  INSERT INTO "Session" ("tokenHash", "address", "expiresAt") VALUES ($1, $2, $3)`)
const soon = (minutes) => new Date(Date.now() + minutes * 60_000)

server.post('/v1/auth/nonce', async ({ body: { address } }) => {
  const [nonce, expiresAt] = [randomBytes(16).toString('hex'), soon(10)]
  await addNonce(nonce, address, expiresAt, new Date())
  const terms = `URI: http://${DOMAIN}\nVersion: 1\nChain ID: ${CHAIN_ID}\nNonce: ${nonce}`
  const message = `${DOMAIN} wants you to sign in with your Ethereum account:\n${address}\n\nSign in.\n\n${terms}`
  return { nonce, message, expiresAt: expiresAt.toISOString() }
})
server.post('/v1/auth/session', async ({ body: { message, signature } }, reply) => {
  const [, address] = message.split('\n')
  const spent = await spendNonce(/Nonce: (\w+)/.exec(message)[1], address, new Date())
  if (spent.length !== 1 || verifyMessage(message, signature) !== address) return reply.status(401).send()
  const [token, expiresAt] = [randomBytes(32).toString('base64url'), soon(720)]
  await addSession(hash(token), address, expiresAt, new Date())
  reply.status(201)
  return { token, address, expiresAt: expiresAt.toISOString() }
})

// An order: the manifest that is proposed for it, kept as a document.
const hash = (token) => createHash('sha256').update(token).digest('hex')
const sessionOf = query('SELECT "address", "expiresAt" FROM "Session" WHERE "tokenHash" = $1')
const trainer = query('SELECT * FROM "Trainer" WHERE "address" = $1')
const onePool = query('SELECT "id", "price"::text, "closed" FROM "Pool" WHERE "id" = $1')
const checkpoint = query('SELECT "block", "hash" FROM "Checkpoint" WHERE "id" = 1')
const eligible = query(`
  SELECT "id", "owner" FROM "Dataset" WHERE "pool" = $1 AND NOT "withdrawn" AND ("expires" = 0 OR "expires" > $2)
    AND ("purposes" & $3) = $3 AND ("purposes" & 4278190080) = 0 AND "id" = ANY($4) ORDER BY "id" COLLATE "C"`)
const addDocument = query(`
  INSERT INTO "Document" ("digest", "cid", "body") VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
const addBlock = query(`
  INSERT INTO "ContentBlock" ("content", "position", "cid", "size") VALUES ($1, 0, $2, $3) ON CONFLICT DO NOTHING`)
const removed = query(`
  SELECT EXISTS (SELECT 1 FROM "BlockRemoval" WHERE "until" > now() AT TIME ZONE 'utc' AND "cid" = $1) AS "found"`)
const FINE_TUNING = purposesToBits(['fine-tuning'])

/** A document's one block, on the disk once this resolves: the API promises no less. */
async function keep(digest, cid, bytes) {
  await addBlock(digest, cid, bytes.length)
  await removed(cid)
  const file = await open(join(UPLOADS, cid), 'w')
  await file.writeFile(bytes)
  await file.datasync()
  await file.close()
}

server.post('/v1/access-requests/manifests', async ({ headers, body }) => {
  const [session] = await sessionOf(hash(headers.authorization.slice('Bearer '.length)))
  await trainer(session.address)
  const [{ price }] = await onePool(body.pool)
  const [block] = await checkpoint()
  const asked = [...body.datasets].sort()
  const now = Math.floor(Date.now() / 1000)
  const datasets = (await eligible(body.pool, now, FINE_TUNING, asked)).map(({ id }) => id)
  const document = {
    version: 'granary/manifest/v1',
    chainId: Number(CHAIN_ID),
    blockHash: block.hash,
    blockNumber: Number(block.block),
    pool: body.pool,
    purposes: FINE_TUNING,
    filters: { excludedOwners: [], maxPerOwner: null, datasets: asked },
    datasets,
  }
  const { bytes, digest, cid } = await documentDigest(document)
  await keep(digest, cid, bytes)
  await addDocument(digest, cid, document)
  const count = datasets.length
  const total = (BigInt(price) * BigInt(count)).toString()
  return { document, digest, cid, root: manifestRoot(datasets), count, price, total }
})

await server.listen({ host: '127.0.0.1', port: 0 })
process.send({ url: `http://127.0.0.1:${server.server.address().port}` })
process.once('disconnect', () => process.exit(0))
