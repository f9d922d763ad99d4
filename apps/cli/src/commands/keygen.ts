import { GranaryError } from '@granary/protocol'
import { generateIdentity, identityToRecipient, recoveryFile } from '@granary/sealing'
import type { Command } from 'commander'
import { action } from '../command.js'
import { writeNew } from '../identities.js'

/** `granary keygen`: an age identity, the key that a trainer's releases are sealed to. */
export function registerKeygen(program: Command): void {
  const command = program
    .command('keygen')
    .description('make an age identity: the key to which the releases of a request are sealed')
    .option('--out <file>', 'write it to a new file that only you can read, and print the recipient')
    .addHelpText(
      'after',
      `
The identity is a secret, the recipient is public. Any age tool can use the file.

Examples:
  granary keygen --out trainer-key.txt
  granary keygen > trainer-key.txt
  granary keygen --json`,
    )
  action<{ out?: string }>(command, async ({ output }, { out }) => {
    const identity = generateIdentity()
    const recipient = await identityToRecipient(identity)
    const text = recoveryFile(identity, 'Granary trainer', `public key: ${recipient}`)
    if (out && !(await writeNew(out, text)))
      throw new GranaryError('FILE_EXISTS', `${out} exists already; an identity is never overwritten`)
    output.result({ identity, recipient, ...(out ? { file: out } : {}) }, out ? recipient : text.trimEnd())
  })
}
