import { config } from 'zod'

// In a page zod must not try whether it may turn text into functions: the policy refuses it, and would report it.
if (!('process' in globalThis)) config({ jitless: true })
