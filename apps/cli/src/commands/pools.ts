import { writeFileSync } from 'node:fs'
import { documentDigest, type TermsDocument } from '@granary/protocol'
import type { Command } from 'commander'
import { reader } from '../client.js'
import { action } from '../command.js'
import { type ChainOptions, connectDeployer, deploymentOf } from '../deploy/connect.js'
import { countPools, createPools } from '../deploy/pools.js'
import { orPropose } from '../deploy/set-up.js'
import { putInKubo } from '../embedded/first-pool.js'
import { money, plural, toAmount } from '../values.js'

interface CreateOptions extends ChainOptions {
  deployment?: string
  title: string
  description: string
  terms: string
  price: string
  lowestPrice?: string
  out?: string
  kubo?: string
  ifNone?: boolean
}

/** `granary pools …`: see the pools, or open one during the set-up. */
export function registerPools(program: Command): void {
  const group = program
    .command('pools')
    .description('see the pools of datasets, or open one during the set-up')
  registerList(group)
  registerCreate(group)
}

function registerList(group: Command): void {
  const command = group.command('list', { isDefault: true }).description('every pool with its price per use')
  action(command, async (context) => {
    const client = reader(context)
    const pools = await client.pools.list()
    const { token } = (await client.network()).display
    context.output.result({ pools }, () =>
      pools.length === 0
        ? 'There is no pool yet: `granary pools create` opens one.'
        : pools
            .map(
              ({ id, title, price, datasets, closed }) =>
                `${String(id).padStart(4)}  ${title ?? 'untitled'}  ${money(price, token)} per use  ${plural(datasets, 'dataset')}${closed ? '  closed' : ''}`,
            )
            .join('\n'),
    )
  })
}

function registerCreate(group: Command): void {
  const command = group
    .command('create')
    .description('open a pool during the set-up; its terms and lowest price hold for good')
    .requiredOption('--title <text>', 'what the pool is called')
    .requiredOption('--price <amount>', "price per use in the token's smallest unit")
    .option('--lowest-price <amount>', 'the price never goes below it (default: the price)')
    .option('--description <text>', 'what belongs into it', '')
    .option(
      '--terms <text>',
      'what contributors and trainers agree to',
      'Each use is paid at the price of the pool.',
    )
    .option(
      '--out <file>',
      'write the terms document there, to be added to IPFS (`ipfs add --cid-version 1`)',
    )
    .option('--kubo <url>', 'put the terms document into this Kubo node')
    .option('--if-none', 'do nothing when there is a pool already')
    .option('--deployment <file>', 'the file with the addresses (default: GRANARY_DEPLOYMENT)')
    .option('--rpc <url>', 'the chain (default: GRANARY_RPC, else http://127.0.0.1:8545)')
  action<CreateOptions>(command, async (context, options) => {
    const price = toAmount(options.price)
    const lowestPrice = options.lowestPrice ? toAmount(options.lowestPrice) : price
    const document: TermsDocument = {
      version: 'granary/terms/v1',
      title: options.title,
      description: options.description,
      terms: options.terms,
    }
    const { bytes, digest, cid } = await documentDigest(document)
    const deployment = deploymentOf(context, options.deployment)
    const { signer, close } = await connectDeployer(context, options, deployment)
    try {
      if (options.ifNone && (await countPools(deployment, signer)) > 0)
        return context.output.result({ pool: null }, 'There is a pool already. Nothing was done.')
      if (options.out) writeFileSync(options.out, bytes)
      if (options.kubo) await putInKubo(options.kubo, bytes)
      const [pool] = await orPropose(
        () => createPools({ signer, deployment, pools: [{ terms: digest, lowestPrice, price }] }),
        proposalOf(options),
      )
      context.output.result({ pool, terms: cid }, `Pool ${pool} is open. Its terms are ${cid}`)
    } finally {
      close()
    }
  })
}

/** The words of `granary proposals create` that propose the same pool. */
function proposalOf({ title, price, lowestPrice, description, terms, out }: CreateOptions): string[] {
  return [
    ...['pool-create', '--title', title, '--price', price],
    ...(lowestPrice ? ['--lowest-price', lowestPrice] : []),
    ...(description ? ['--description', description] : []),
    ...['--terms', terms],
    ...(out ? ['--out', out] : []),
  ]
}
