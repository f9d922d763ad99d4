import { defineConfig } from 'prisma/config'

/** Read by the Prisma CLI only (generate, migrate deploy). The API connects by its own configuration. */
export default defineConfig({
  schema: 'prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://localhost:5432/granary' },
})
