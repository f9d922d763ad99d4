import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { App } from './app.js'
import { ApiError } from './lib/api.js'

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

/** Renders the app. */
export function start(): void {
  const root = document.getElementById('root')
  if (!root) return
  createRoot(root).render(
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>,
  )
}
