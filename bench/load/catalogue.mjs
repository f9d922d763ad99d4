import { randomBytes } from 'node:crypto'
import { contentToCid, datasetId, documentDigest, purposesToBits, rewardTree } from '@granary/protocol'
import { getAddress, hexlify } from 'ethers'
import pg from 'pg'

const OWNERS = 100
/** One dataset in so many was used, and paid for. */
const USED = 4
const EARNED = 850_000_000_000_000_000n
const ROWS = 1_000
/** A settlement's number that real ones do not reach while this is measured. */
const SETTLEMENT = 1_000_000

const random = (bytes) => hexlify(randomBytes(bytes))

/**
 * Fills the tables that the chain feed makes, without the chain: `count` datasets of a hundred owners with their
 * documents, and a settlement that paid for every fourth. What is measured on them only reads; contributions are
 * measured by real ones.
 *
 * @returns {Promise<{ ids: string[], owners: string[] }>} ids newest first, as the catalogue lists them
 */
export async function fillCatalogue(databaseUrl, count) {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const insert = async (table, rows) => {
    // Only the columns that are given: the others keep their defaults.
    const columns = Object.keys(rows[0] ?? {}).map((name) => `"${name}"`)
    for (let i = 0; i < rows.length; i += ROWS)
      await client.query(
        `INSERT INTO "${table}" (${columns}) SELECT ${columns}
         FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb)`,
        [JSON.stringify(rows.slice(i, i + ROWS))],
      )
  }
  try {
    const owners = Array.from({ length: Math.min(OWNERS, count) }, () => getAddress(random(20)))
    const rows = await Promise.all(Array.from({ length: count }, (_, i) => row(i, owners[i % owners.length])))
    await insert(
      'Document',
      rows.map(({ document }) => document),
    )
    await insert(
      'Content',
      rows.map(({ content }) => content),
    )
    await insert(
      'Dataset',
      rows.map(({ dataset }) => dataset),
    )
    const used = rows.filter((_, i) => i % USED === 0).map(({ dataset }) => dataset)
    await settle(insert, used)
    await client.query('ANALYZE')
    return { ids: rows.map(({ dataset }) => dataset.id).reverse(), owners }
  } finally {
    await client.end()
  }
}

const now = () => new Date().toISOString()
const place = (position) => ({ position, block: 1, transaction: random(32), time: now() })

async function row(i, owner) {
  const content = random(32)
  const size = 1_000 + (i % 1_000_000)
  const body = {
    version: 'granary/metadata/v1',
    title: `Steps of day ${i}`,
    description: 'Counted by a watch, one line a minute, with the times at which it was not worn left out.',
    mediaType: 'text/csv',
    size: size - 600,
    license: 'CC-BY-4.0',
  }
  const { digest, cid } = await documentDigest(body)
  return {
    document: { digest, cid, body, createdAt: now() },
    content: { content, cid: contentToCid(content, true), rawRoot: true, size, createdAt: now() },
    dataset: {
      id: datasetId(owner, content),
      owner,
      content,
      metadata: digest,
      pool: 1,
      purposes: purposesToBits(i % 3 === 0 ? ['fine-tuning', 'commercial'] : ['fine-tuning', 'evaluation']),
      expires: i % 5 === 0 ? 0 : Math.floor(Date.now() / 1000) + 63_072_000,
      ask: i % 10 === 0,
      rawRoot: true,
      withdrawn: false,
      ...place(i + 1),
    },
  }
}

/** One settlement, long in effect, of which a request had used all these datasets. */
async function settle(insert, datasets) {
  const request = random(32)
  const totals = new Map()
  for (const { owner } of datasets) totals.set(owner, (totals.get(owner) ?? 0n) + EARNED)
  const entries = [...totals].map(([account, total]) => ({ account, total }))
  const { root, total } = rewardTree(entries)
  const facts = {
    sequence: SETTLEMENT,
    number: SETTLEMENT,
    epoch: 1,
    effectiveFrom: 1,
    read: true,
    document: random(32),
  }
  await insert('Settlement', [{ ...facts, root, total: total.toString(), ...place(1) }])
  await insert(
    'Leaf',
    entries.map(({ account, total }) => ({ account, sequence: SETTLEMENT, total: total.toString() })),
  )
  await insert(
    'Use',
    datasets.map(({ id, owner }) => ({
      request,
      dataset: id,
      owner,
      amount: EARNED.toString(),
      sequence: SETTLEMENT,
    })),
  )
}
