import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** Bundles the library for a page, from source; a module of Node anywhere below it fails the build. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
  plugins: [
    {
      name: 'no-node',
      enforce: 'pre',
      resolveId(id, importer) {
        if (id.startsWith('node:') || builtinModules.includes(id))
          throw new Error(`${importer} imports ${id}`)
        return null
      },
    },
  ],
  build: { target: 'es2022', minify: false, emptyOutDir: true, chunkSizeWarningLimit: 4000 },
  logLevel: 'warn',
})
