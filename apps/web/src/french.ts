// Loaded before the app by those who chose French.
import { learn } from './lib/language.js'

const files = import.meta.glob<Record<string, object>>('./**/*.fr.ts', { eager: true, import: 'default' })
for (const tables of Object.values(files)) learn(tables)
