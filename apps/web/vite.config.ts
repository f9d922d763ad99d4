import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/**
 * One page, no third-party script, nothing inlined: the API serves it under a content security policy that allows
 * scripts, styles and fonts from its own origin only.
 *
 * `npx vite` in this folder serves the page while you work on it and passes API calls on to GRANARY_API.
 */
const api = process.env.GRANARY_API ?? 'http://localhost:4280'

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  worker: { format: 'es' },
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false }, sourcemap: false },
  server: { proxy: { '/v1': api, '/ipfs': api } },
})
