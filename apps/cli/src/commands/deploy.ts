import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { getAddress } from 'ethers'
import { action } from '../command.js'
import { type ChainOptions, connectCouncil } from '../deploy/council.js'
import { deploy } from '../deploy/deploy.js'
import { readDeployment, writeDeployment } from '../deploy/deployment-file.js'
import { CliError } from '../output.js'
import { toWhole } from '../values.js'

const WEEK_SECONDS = 7 * 24 * 3600

interface DeployCommandOptions extends ChainOptions {
  out: string
  owner?: string
  treasury?: string
  guardian?: string
  token?: string
  treasuryBps: string
  custodiansBps: string
  window: string
  claimDelay: string
}

/** `granary deploy`: puts the contracts on a chain and writes their addresses. */
export function registerDeploy(program: Command): void {
  const command = program
    .command('deploy')
    .description('put the contracts on a chain and write their addresses to a file')
    .requiredOption(
      '--out <file>',
      'where to write the addresses; if it names contracts already there, nothing happens',
    )
    .option('--rpc <url>', 'the chain (default: GRANARY_RPC, else http://127.0.0.1:8545)')
    .option('--owner <address>', 'who holds every role (default: the account that deploys)')
    .option('--treasury <address>', "who earns the treasury's part (default: the owner)")
    .option('--guardian <address>', 'who will be able to void a settlement (default: the owner)')
    .option(
      '--token <address>',
      'the ERC-20 with permit that prices are in (default: a test token is deployed)',
    )
    .option('--treasury-bps <n>', 'the treasury’s part of each use in 1/10,000', '500')
    .option('--custodians-bps <n>', 'the custodians’ part of each use in 1/10,000', '1000')
    .option('--window <seconds>', 'how long after its expiry a request may be settled', String(WEEK_SECONDS))
    .option('--claim-delay <seconds>', 'how long a settlement’s root will be pending', '0')
    .addHelpText(
      'after',
      '\nThe account of GRANARY_PRIVATE_KEY pays. It keeps no right unless it is the owner.',
    )
  action<DeployCommandOptions>(command, async (context, options) => {
    const { signer, provider, close } = await connectCouncil(context, options)
    try {
      if (existsSync(options.out)) {
        const known = readDeployment(options.out)
        if ((await provider.getCode(known.datasetRegistry)) === '0x') {
          throw new CliError(
            'DEPLOYMENT_ELSEWHERE',
            `${options.out} names contracts that are not on this chain: move it away, or name another chain`,
          )
        }
        context.output.result({ ...known, deployed: false }, `Already deployed: ${options.out}`)
        return
      }
      const owner = options.owner ? getAddress(options.owner) : await signer.getAddress()
      const deployment = await deploy({
        signer,
        owner,
        treasury: options.treasury ?? owner,
        guardian: options.guardian ?? owner,
        ...(options.token ? { token: options.token } : {}),
        fees: {
          treasuryBps: toWhole('--treasury-bps', options.treasuryBps),
          custodiansBps: toWhole('--custodians-bps', options.custodiansBps),
        },
        window: toWhole('--window', options.window),
        claimDelay: toWhole('--claim-delay', options.claimDelay),
        onProgress: context.output.log,
      })
      writeDeployment(options.out, deployment)
      context.output.result(
        { ...deployment, deployed: true },
        `Deployed. The addresses are in ${options.out}`,
      )
    } finally {
      close()
    }
  })
}
