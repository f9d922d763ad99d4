import { open, stat } from 'node:fs/promises'
import {
  GranaryError,
  MAX_CONSENT_RECEIPT_BYTES,
  type VerifiedConsent,
  verifyConsentReceipt,
} from '@granary/protocol'
import type { ConfirmedConsent } from '@granary/sdk'
import { fileFault } from '@granary/sdk/node'
import type { Command } from 'commander'
import { reader } from '../client.js'
import { action } from '../command.js'
import { printable, toId } from '../values.js'

/** `granary receipt`: consent receipts, made of what was signed, and their check. */
export function registerReceipt(program: Command): void {
  const group = program
    .command('receipt')
    .description('consent receipts (ISO/IEC TS 27560, JSON-LD): get one, check one')

  const get = group
    .command('get')
    .argument('<dataset>', 'id of a dataset')
    .description('write the consent receipt of a dataset, made of the messages that its owner signed')
    .requiredOption('--out <file>', 'where it goes; never overwritten')
    .addHelpText('after', '\nExample:\n  granary receipt get 0x… --out consent.jsonld')
  action<{ out: string }, [string]>(get, async (context, options, text) => {
    const { bytes, verified } = await reader(context).consentReceipts.get(toId(text))
    await writeNew(options.out, bytes)
    context.output.result({ file: options.out, ...summaryOf(verified) }, () =>
      [options.out, ...linesOf(verified)].join('\n'),
    )
  })

  const verify = group
    .command('verify')
    .argument('<file>', 'the receipt')
    .description('check a consent receipt without any network; with --on-chain also against the chain')
    .option(
      '--on-chain',
      'ask the chain, by GRANARY_RPC and GRANARY_API, for what is not signed, and for changes since',
    )
    .addHelpText(
      'after',
      `
Without a network it checks each signature of the owner's key, and that every field says what was signed. Times and
transactions are not signed, nor is what came later: that takes --on-chain. So does whatever a contract wallet signed, since
only its code can tell (ERC-1271): CONSENT_RECEIPT_NEEDS_CHAIN.

Examples:
  granary receipt verify consent.jsonld
  granary receipt verify consent.jsonld --on-chain --json`,
    )
  action<{ onChain?: boolean }, [string]>(verify, async (context, { onChain }, path) => {
    const bytes = await readSmall(path)
    const verified = onChain
      ? await reader(context).consentReceipts.verify(bytes)
      : await verifyConsentReceipt(bytes)
    context.output.result({ file: path, onChain: onChain === true, ...summaryOf(verified) }, () =>
      [
        onChain
          ? 'The receipt holds, and the chain bears it out.'
          : 'The receipt holds: it says what was signed. Times, transactions and what came later were not looked at.',
        ...linesOf(verified),
      ].join('\n'),
    )
  })
}

/** What a command says of a receipt. */
function summaryOf(verified: VerifiedConsent | ConfirmedConsent) {
  const { evidence, expires, ...rest } = verified
  return {
    ...rest,
    expires: expires === 0 ? null : new Date(expires * 1000).toISOString(),
    events: evidence.events.map(({ type, time, transaction, signedBy }) => ({
      type,
      time,
      transaction,
      signedBy,
    })),
  }
}

function linesOf(verified: VerifiedConsent | ConfirmedConsent): string[] {
  const { title, dataset, owner, chainId, cid, purposes, expires, ask, withdrawn, evidence } = verified
  const rows: [string, string][] = [
    ['title', printable(title ?? '(not known)')],
    ['dataset', dataset],
    ['file', cid],
    ['owner', `${owner} on chain ${chainId}`],
    ['consent', withdrawn ? 'withdrawn' : purposes.join(', ') || 'for nothing'],
    ['asks', ask ? 'before each use' : 'no'],
    ['until', expires === 0 ? 'withdrawn' : new Date(expires * 1000).toISOString()],
    ...evidence.events.map(({ type, time, transaction }): [string, string] => [
      type,
      `${time}  ${transaction}`,
    ]),
  ]
  const lines = rows.map(([name, value]) => `  ${name.padEnd(14)} ${value}`)
  if ('current' in verified && !verified.current)
    lines.push(verified.withdrawnNow ? 'Since then it was withdrawn.' : 'Since then the consent was changed.')
  return lines
}

/** @throws GranaryError FILE_UNREADABLE, CONSENT_RECEIPT_TOO_LARGE */
async function readSmall(path: string): Promise<Uint8Array> {
  const unreadable = (error: NodeJS.ErrnoException) => {
    throw new GranaryError('FILE_UNREADABLE', `${path}: ${fileFault(error)}`)
  }
  const facts = await stat(path).catch(unreadable)
  if (!facts.isFile()) throw new GranaryError('FILE_UNREADABLE', `${path} is not a file`)
  if (facts.size > MAX_CONSENT_RECEIPT_BYTES)
    throw new GranaryError('CONSENT_RECEIPT_TOO_LARGE', { most: MAX_CONSENT_RECEIPT_BYTES })
  const file = await open(path, 'r').catch(unreadable)
  try {
    return new Uint8Array(await file.readFile())
  } finally {
    await file.close()
  }
}

/** @throws GranaryError FILE_EXISTS, FILE_UNREADABLE */
async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new GranaryError('FILE_EXISTS', `${path} is there already`)
    throw new GranaryError('FILE_UNREADABLE', `${path}: ${fileFault(error)}`)
  })
  try {
    await file.writeFile(bytes)
  } finally {
    await file.close()
  }
}
