import { custodianCommitteeAbi } from '@granary/protocol'
import type { Command } from 'commander'
import { Contract, parseEther } from 'ethers'
import { reader } from '../client.js'
import { action } from '../command.js'
import { formCommittee } from '../deploy/committee.js'
import { type ChainOptions, connectDeployer, deploymentOf } from '../deploy/connect.js'
import { orPropose } from '../deploy/set-up.js'
import { toWhole } from '../values.js'

interface ProposeOptions extends ChainOptions {
  deployment?: string
  threshold: string
  fund: string
  timeout: string
}

/** `granary committee …`: name the custodians whose key files are sealed to, or see them. */
export function registerCommittee(program: Command): void {
  const group = program.command('committee').description('see the custodians, or name them during the set-up')
  registerStatus(group)
  registerPropose(group)
}

function registerStatus(group: Command): void {
  const command = group.command('status', { isDefault: true }).description('the current committee')
  action(command, async (context) => {
    const { committee } = await reader(context).network()
    context.output.result(committee, () =>
      committee
        ? [
            `Epoch ${committee.epoch}: any ${committee.threshold} of ${committee.members.length} custodians open a file`,
            ...committee.members.map(({ index, account, endpoint }) => `  ${index}  ${account}  ${endpoint}`),
          ].join('\n')
        : 'There is no committee yet: `granary committee propose` names one.',
    )
  })
}

function registerPropose(group: Command): void {
  const command = group
    .command('propose')
    .argument('<endpoint...>', 'base URL of each custodian, in the order of their indices')
    .description('name a committee and wait until its members made and confirmed their key')
    .requiredOption('--threshold <n>', 'how many custodians open a file together')
    .option('--deployment <file>', 'the file with the addresses (default: GRANARY_DEPLOYMENT)')
    .option('--rpc <url>', 'the chain (default: GRANARY_RPC, else http://127.0.0.1:8545)')
    .option('--fund <ether>', "top each custodian's wallet up to this, for its gas", '0')
    .option('--timeout <seconds>', 'how long to wait for the key generation', '300')
  action<ProposeOptions, [string[]]>(command, async (context, options, endpoints) => {
    const deployment = deploymentOf(context, options.deployment)
    const { signer, provider, close } = await connectDeployer(context, options, deployment)
    try {
      const settings = {
        signer,
        deployment,
        endpoints: endpoints.map((endpoint) => endpoint.replace(/\/+$/, '')),
        threshold: toWhole('--threshold', options.threshold),
        fund: parseEther(options.fund),
        timeoutMs: 1_000 * toWhole('--timeout', options.timeout),
        onProgress: context.output.log,
      }
      const proposal = ['--threshold', options.threshold, '--endpoints', settings.endpoints.join(',')]
      const formed = await orPropose(() => formCommittee(settings), ['committee-propose', ...proposal])
      const contract = new Contract(deployment.custodianCommittee, custodianCommitteeAbi, provider)
      const { groupKey } = await contract.getFunction('epoch')(formed.epoch)
      context.output.result({ ...formed, groupKey }, `Epoch ${formed.epoch} is active. Group key ${groupKey}`)
    } finally {
      close()
    }
  })
}
