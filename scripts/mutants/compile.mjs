// One contract of contracts/src compiled without its neighbours and without the optimizer, in this process: forge would
// take several times as long to look at everything again.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import solc from 'solc'

const LIBRARY = '@openzeppelin/contracts/'

/**
 * The bytecode of a contract whose source is given, and of nothing else.
 * @param folder where `src` and `lib` are
 * @param name the path below `src`; the contract bears the file's name
 * @returns `{bytecode, deployedBytecode}` in hex, or null when it does not compile
 */
export function compiled(folder, name, source) {
  const file = `src/${name}`
  const contract = name.slice(name.lastIndexOf('/') + 1, -'.sol'.length)
  const input = {
    language: 'Solidity',
    sources: { [file]: { content: source } },
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: false },
      metadata: { appendCBOR: false, bytecodeHash: 'none' },
      outputSelection: { [file]: { [contract]: ['evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  }
  const found = (path) => {
    const place = path.startsWith(LIBRARY) ? `lib/openzeppelin/${path.slice(LIBRARY.length)}` : path
    try {
      return { contents: readFileSync(join(folder, place), 'utf8') }
    } catch {
      return { error: `${path} is not there` }
    }
  }
  const { contracts, errors = [] } = JSON.parse(solc.compile(JSON.stringify(input), { import: found }))
  if (errors.some(({ severity }) => severity === 'error')) return null
  const { bytecode, deployedBytecode } = contracts[file][contract].evm
  return { bytecode: `0x${bytecode.object}`, deployedBytecode: `0x${deployedBytecode.object}` }
}
