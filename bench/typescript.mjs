import { existsSync } from 'node:fs'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transformFile } from '@swc/core'

// `node --import ./bench/typescript.mjs FILE.ts` runs TypeScript from source, so that the benchmark uses test/support as
// it is: the small network of custodians and its people. The packages that it imports are the built ones.
if (process.env.GRANARY_TYPESCRIPT_HOOKS === undefined) {
  process.env.GRANARY_TYPESCRIPT_HOOKS = '1'
  register(import.meta.url)
  delete process.env.GRANARY_TYPESCRIPT_HOOKS
}

export function resolve(specifier, context, next) {
  if (/^\.{1,2}\/.*\.js$/.test(specifier)) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL)
    if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true }
  }
  return next(specifier, context)
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context)
  const { code } = await transformFile(fileURLToPath(url), {
    configFile: false,
    swcrc: false,
    sourceMaps: 'inline',
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  })
  return { format: 'module', source: code, shortCircuit: true }
}
