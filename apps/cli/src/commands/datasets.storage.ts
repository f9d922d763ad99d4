import type { ErasureResource, StorageResource } from '@granary/protocol'
import type { Command } from 'commander'
import { reader, signer } from '../client.js'
import { action } from '../command.js'
import { confirm } from '../confirm.js'
import { printable, toId } from '../values.js'

/** What erasing does and what it cannot do, before one says yes. */
export const ERASE_QUESTION =
  'The operator deletes the sealed file wherever it controls it; you cannot get it back from here either. No trainer is ' +
  'served any more, also under requests that are paid. Copies elsewhere, and what a trainer already has, cannot be recalled.'

/** `granary datasets storage` and `granary datasets erase`: where the sealed file lies, and how it goes. */
export function registerStorage(group: Command): void {
  const storage = group
    .command('storage')
    .argument('<id>')
    .description('where a dataset’s sealed file lies, when it was checked, and what became of it')
    .addHelpText('after', '\nExample:\n  granary datasets storage 0x…')
  action<object, [string]>(storage, async (context, _options, id) => {
    const found = await reader(context).datasets.storage(toId(id))
    context.output.result(found, () => describeStorage(found))
  })

  const erase = group
    .command('erase')
    .argument('<id>')
    .description('have the sealed file of a withdrawn dataset deleted, for good')
    .option('--yes', 'do not ask')
    .addHelpText('after', `\n${ERASE_QUESTION}\n\nExample:\n  granary datasets erase 0x… --yes`)
  action<{ yes?: boolean }, [string]>(erase, async (context, options, text) => {
    const id = toId(text)
    const { client } = signer(context)
    if (!options.yes) await confirm(`${ERASE_QUESTION}\nErase ${id} for good? It cannot be undone.`)
    const erasure = await client.datasets.erase(id)
    context.output.result(erasure, describeErasure(erasure))
  })
}

/** One line for people. */
export function describeErasure({ state, finished }: ErasureResource): string {
  if (state === 'kept')
    return 'Not erased: another dataset here has the same content, so the file stays while it is needed.'
  return finished
    ? `Erased on ${finished}.`
    : 'Being erased. `granary datasets storage` shows when it is gone from where.'
}

function describeStorage(found: StorageResource): string {
  const { state, copies, checked, nextCheck, locations, erasure, history } = found
  const rows: [string, string][] = [
    ['CID', found.cid],
    ['state', state],
    ['copies', String(copies)],
    ['checked', checked ?? 'not yet'],
    ['next check', nextCheck ?? (state === 'erased' ? 'none: it is erased' : 'soon')],
  ]
  if (erasure) rows.push(['erasure', describeErasure(erasure)])
  const parts = [rows.map(([name, value]) => `${name.padEnd(11)} ${value}`).join('\n')]
  if (locations.length > 0) {
    const lines = locations.map(
      ({ location, kind, state, since, code }) =>
        `  ${printable(location).padEnd(24)} ${kind.padEnd(8)} ${state.padEnd(9)} since ${since}${code ? `  ${code}` : ''}`,
    )
    parts.push(`Locations:\n${lines.join('\n')}`)
  }
  const events = history.map(({ time, type, location, blocks, code }) => {
    const facts = [location && printable(location), blocks !== null && `${blocks} blocks`, code].filter(
      Boolean,
    )
    return `  ${time}  ${type.padEnd(12)} ${facts.join('  ')}`.trimEnd()
  })
  parts.push(events.length > 0 ? `History:\n${events.join('\n')}` : 'Nothing has happened to it yet.')
  return parts.join('\n\n')
}
