import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { App } from './app.js'
import { ApiError } from './lib/api.js'
import { allowOwnWorkers } from './lib/trusted-types.js'
import '@fontsource-variable/besley/index.css'
import '@fontsource-variable/public-sans/index.css'
import './styles/tokens.css'
import './styles/base.css'

allowOwnWorkers()

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What the API refuses, it refuses again; what did not reach it may pass.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      retryDelay: (attempt) => 400 * 2 ** attempt,
    },
  },
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>,
  )
}
