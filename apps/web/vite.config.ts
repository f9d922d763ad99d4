import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/**
 * One page, no third-party script, nothing inlined: the API serves it under a content security policy that allows
 * scripts, styles and fonts from its own origin only.
 *
 * `npx vite` in this folder serves the page while you work on it and passes API calls on to GRANARY_API.
 */
const api = process.env.GRANARY_API ?? 'http://localhost:4280'

/** Writes `.br` and `.gz` beside what compresses, once here rather than at every visit; the API picks by the request. */
function precompress(): Plugin {
  let folder = ''
  return {
    name: 'granary:precompress',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    closeBundle() {
      const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      for (const name of names.filter((file) => /\.(?:js|css|html|svg)$/.test(file))) {
        const path = join(folder, name)
        const content = readFileSync(path)
        const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params }))
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
      }
    },
  }
}

export default defineConfig({
  // The build is the same for everybody: nothing of anybody's environment gets in.
  envDir: false,
  plugins: [react(), precompress()],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  worker: { format: 'es' },
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false }, sourcemap: false },
  server: { proxy: { '/v1': api, '/ipfs': api } },
})
