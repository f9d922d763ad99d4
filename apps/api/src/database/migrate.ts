import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type * as Engine from '@prisma/schema-engine-wasm'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'

// The only file that knows @prisma/schema-engine-wasm, a pre-release: Prisma's migration engine as WebAssembly.
// What it does here is what `prisma migrate deploy` does elsewhere, with the same `_prisma_migrations` table.

const NO_FILTER = { externalTables: [], externalEnums: [] }

/** Applies the migrations of `folder` that the database lacks; returns their names. Throws when one fails. */
export async function applyMigrations(databaseUrl: string, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder)
  return withEngine(databaseUrl, async (engine) => {
    const done = await engine.applyMigrations({
      filters: NO_FILTER,
      migrationsList: {
        baseDir: folder,
        shadowDbInitScript: '',
        lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
        migrationDirectories: migrations.map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
        })),
      },
    })
    return done.appliedMigrationNames
  })
}

/** The SQL that makes the tables of a folder's `*.prisma` in an empty database. For writing and checking migrations. */
export async function schemaSql(databaseUrl: string, folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.prisma')).sort()
  const files = await Promise.all(
    names.map(async (name) => ({ path: name, content: await readFile(join(folder, name), 'utf8') })),
  )
  let script = ''
  await withEngine(databaseUrl, async (engine) => {
    const result = await engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      shadowDatabaseUrl: null,
      filters: NO_FILTER,
    } as unknown as Parameters<typeof engine.diff>[0])
    script = result.stdout ?? ''
  })
  return script
}

/** Names, texts and SHA-256 checksums (as `_prisma_migrations` keeps them) of the migrations in order. */
export async function readMigrations(
  folder: string,
): Promise<{ name: string; sql: string; checksum: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

let instance: Promise<typeof Engine> | null = null

function load(): Promise<typeof Engine> {
  instance ??= (async () => {
    const file = fileURLToPath(import.meta.resolve('@prisma/schema-engine-wasm')).replace(/\.js$/, '_bg.wasm')
    const module = await WebAssembly.compile(new Uint8Array(await readFile(file)))
    const engine = bindings as unknown as typeof Engine & {
      __wbg_set_wasm(exports: WebAssembly.Exports): void
    }
    const { exports } = await WebAssembly.instantiate(module, {
      './schema_engine_bg.js': bindings as unknown as WebAssembly.ModuleImports,
    })
    engine.__wbg_set_wasm(exports)
    ;(exports as { __wbindgen_start(): void }).__wbindgen_start()
    return engine
  })()
  return instance
}

async function withEngine<T>(
  databaseUrl: string,
  use: (engine: Engine.SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await load()
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl, max: 1 }))
  const engine = await SchemaEngine.new({ datamodels: undefined }, () => {}, adapter)
  try {
    return await use(engine)
  } finally {
    engine.free()
  }
}
