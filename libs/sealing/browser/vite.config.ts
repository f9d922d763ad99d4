import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** Bundles the tests for a page, from source, without one module of Node. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  resolve: {
    alias: { '@jest/globals': fileURLToPath(new URL('jest-globals.ts', import.meta.url)) },
    conditions: ['source', 'module', 'browser', 'import', 'default'],
  },
  build: { target: 'es2022', minify: false, emptyOutDir: true, chunkSizeWarningLimit: 4000 },
  logLevel: 'warn',
})
