import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { action } from '../command.js'
import { type ChainOptions, connectDeployer } from '../deploy/connect.js'
import { deploy } from '../deploy/deploy.js'
import { readDeployment, writeDeployment } from '../deploy/deployment-file.js'
import { descriptorFolder, writeDescriptors } from '../deploy/descriptors.js'
import { CliError } from '../output.js'
import { toAddress, toAmount, toWhole } from '../values.js'

const HOUR = 3600
const DAY = 24 * HOUR

interface DeployCommandOptions extends ChainOptions {
  out: string
  council?: string
  treasury?: string
  guardian?: string
  token?: string
  treasuryBps: string
  custodiansBps: string
  window: string
  claimDelay: string
  votingDelay: string
  votingPeriod: string
  proposalThreshold: string
  quorum: string
  quorumMinimum: string
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
    .option('--council <address>', 'who may approve and suspend trainers (default: the account that deploys)')
    .option('--treasury <address>', "who earns the treasury's part (default: the DAO's Timelock)")
    .option('--guardian <address>', 'who may void a settlement in its delay (default: the council)')
    .option(
      '--token <address>',
      'the ERC-20 with permit that prices are in (default: a test token is deployed)',
    )
    .option('--treasury-bps <n>', 'the treasury’s part of each use in 1/10,000', '500')
    .option('--custodians-bps <n>', 'the custodians’ part of each use in 1/10,000', '1000')
    .option('--window <seconds>', 'how long after its expiry a request may be settled', String(7 * DAY))
    .option('--claim-delay <seconds>', 'how long a settlement is pending and can be voided', String(DAY))
    .option('--voting-delay <seconds>', 'from a proposal to the first vote', String(DAY))
    .option('--voting-period <seconds>', 'from the first vote to the last', String(5 * DAY))
    .option(
      '--proposal-threshold <amount>',
      'GRAIN that a proposer needs, in its smallest unit',
      String(10n ** 20n),
    )
    .option('--quorum <percent>', 'of all GRAIN, for and abstaining together', '4')
    .option(
      '--quorum-minimum <amount>',
      'GRAIN that a quorum needs in any case, in its smallest unit',
      String(10n ** 22n),
    )
    .addHelpText(
      'after',
      `
The account of GRANARY_PRIVATE_KEY pays, and sets up pools and committee in the DAO's name. Then it hands over, for
good: granary handover`,
    )
  action<DeployCommandOptions>(command, async (context, options) => {
    const { signer, provider, close } = await connectDeployer(context, options)
    try {
      if (existsSync(options.out)) {
        const known = readDeployment(options.out)
        if ((await provider.getCode(known.datasetRegistry)) === '0x') {
          throw new CliError(
            'DEPLOYMENT_ELSEWHERE',
            `${options.out} names contracts that are not on this chain: move it away, or name another chain`,
          )
        }
        await writeDescriptors(options.out, known, provider)
        context.output.result({ ...known, deployed: false }, `Already deployed: ${options.out}`)
        return
      }
      const council = options.council ? toAddress(options.council) : await signer.getAddress()
      const deployment = await deploy({
        signer,
        council,
        guardian: options.guardian ? toAddress(options.guardian) : council,
        ...(options.treasury ? { treasury: toAddress(options.treasury) } : {}),
        ...(options.token ? { token: toAddress(options.token) } : {}),
        fees: {
          treasuryBps: toWhole('--treasury-bps', options.treasuryBps),
          custodiansBps: toWhole('--custodians-bps', options.custodiansBps),
        },
        window: toWhole('--window', options.window),
        claimDelay: toWhole('--claim-delay', options.claimDelay),
        governance: {
          votingDelay: toWhole('--voting-delay', options.votingDelay),
          votingPeriod: toWhole('--voting-period', options.votingPeriod),
          threshold: toAmount(options.proposalThreshold),
          quorumPercent: toWhole('--quorum', options.quorum),
          quorumMinimum: toAmount(options.quorumMinimum),
        },
        onProgress: context.output.log,
      })
      writeDeployment(options.out, deployment)
      await writeDescriptors(options.out, deployment, provider)
      context.output.result(
        { ...deployment, deployed: true },
        `Deployed. The addresses are in ${options.out}, what wallets say of messages (ERC-7730) in ${descriptorFolder(options.out)}`,
      )
    } finally {
      close()
    }
  })
}
