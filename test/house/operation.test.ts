import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { VARIABLES } from '../../apps/custodian/src/config.js'
import { isErrorCode } from '../../libs/protocol/src/errors.js'

const ROOT = new URL('../..', import.meta.url).pathname
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8')
const handbook = read('docs/operate.md')

describe('docs/operate.md', () => {
  it('lists every variable of a custodian and no other', () => {
    const table = handbook.split("| a custodian's variable |")[1]!.split('\n\n')[0]!
    const listed = [...table.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name)
    expect(listed.sort()).toEqual([...VARIABLES].sort())
  })

  it('names only codes of the catalogue', () => {
    const table = handbook.split('| `/readyz` says |')[1]!.split('\n\n')[0]!
    const codes = [...table.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, code]) => code!)
    const settings = ['RPC_URL', 'KUBO_URL', 'READY_FEED_SECONDS']
    expect(codes.filter((code) => !settings.includes(code) && !isErrorCode(code))).toEqual([])
  })

  it('names only files that exist', () => {
    const named = [...handbook.matchAll(/`((?:ops|apps|docs|test|scripts)\/[\w./-]+)`/g)].map(
      ([, path]) => path!,
    )
    expect(named.length).toBeGreaterThan(2)
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })
})

interface Rule {
  alert: string
  expr: string
  for: string
  labels: { severity: string }
  annotations: { summary: string }
}

describe('ops/prometheus', () => {
  const { groups } = parse(read('ops/prometheus/alerts.yml')) as { groups: { name: string; rules: Rule[] }[] }
  const rules = groups.flatMap((group) => group.rules)

  it.each(rules)('$alert is a rule by which somebody knows what to do', (rule) => {
    expect(Object.keys(rule).sort()).toEqual(['alert', 'annotations', 'expr', 'for', 'labels'])
    expect(rule.alert).toMatch(/^[A-Z][A-Za-z]+$/)
    expect(rule.for).toMatch(/^\d+[smh]$/)
    expect(rule.labels.severity).toMatch(/^(page|ticket)$/)
    expect(rule.annotations.summary).toBeTruthy()
    expect(balanced(rule.expr)).toBe(true)
    expect(handbook).toContain(`**${rule.alert}.**`)
  })

  it('has no section in the handbook for an alert that is not there', () => {
    const told = [...handbook.matchAll(/^\*\*([A-Z][A-Za-z]+)\.\*\*/gm)].map(([, name]) => name)
    expect(told.sort()).toEqual(rules.map(({ alert }) => alert).sort())
  })

  it('scrapes the programs by the names that alerts and dashboard use', () => {
    const config = parse(read('ops/prometheus/prometheus.yml'))
    expect(config.rule_files).toEqual(['alerts.yml'])
    expect(config.scrape_configs.map(({ job_name }: { job_name: string }) => job_name)).toEqual([
      'api',
      'custodian',
    ])
    for (const { static_configs } of config.scrape_configs)
      for (const { targets } of static_configs)
        for (const target of targets) expect(target).toMatch(/^[\w-]+:\d+$/)
  })
})

describe('ops/grafana/granary.json', () => {
  const { panels, uid, title } = JSON.parse(read('ops/grafana/granary.json'))
  interface Panel {
    id: number
    type: string
    title: string
    gridPos: { x: number; y: number; w: number; h: number }
    targets?: { expr: string; refId: string }[]
  }

  it('is a dashboard: panels with ids of their own, side by side and not on top of each other', () => {
    expect([uid, title]).toEqual(['granary', 'Granary'])
    const list = panels as Panel[]
    expect(new Set(list.map(({ id }) => id)).size).toBe(list.length)
    const cells = list.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, place) => `${x + (place % w)},${y + Math.floor(place / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(cells.every((cell) => Number(cell.split(',')[0]) < 24)).toBe(true)
  })

  it('asks something in every panel', () => {
    for (const { type, targets, title } of panels as Panel[]) {
      if (type === 'row') continue
      expect([title, targets?.length ?? 0]).not.toEqual([title, 0])
      for (const { expr } of targets ?? []) expect([expr, balanced(expr)]).toEqual([expr, true])
    }
  })
})

function balanced(text: string): boolean {
  const open: string[] = []
  for (const sign of text.replace(/"[^"]*"/g, '').match(/[()[\]{}]/g) ?? []) {
    if ('([{'.includes(sign)) open.push(sign)
    else if (open.pop() !== { ')': '(', ']': '[', '}': '{' }[sign]) return false
  }
  return open.length === 0
}

/** What older programs may still use is not there any more, or not as they know it. */
const TAKES_AWAY =
  /\b(DROP\s+(TABLE|COLUMN|TYPE|CONSTRAINT|INDEX|VIEW|SCHEMA|DEFAULT)|RENAME\s+(TO|COLUMN|CONSTRAINT)|ALTER\s+COLUMN\s+"?\w+"?\s+(SET\s+NOT\s+NULL|(SET\s+DATA\s+)?TYPE)|TRUNCATE|DELETE\s+FROM)\b/i
/** A column that older programs do not fill has to fill itself. */
const NOT_FILLED = /\bADD\s+COLUMN\s+(?![^,;]*\bDEFAULT\b)[^,;]*\bNOT\s+NULL\b/i
/** The first line of a migration that may do so: it names the one after which nothing used it any more. */
const TWO_STEP = /^-- two-step: (\d{14}_\w+)\n/

function faultOf(name: string, sql: string, all: readonly string[]): string | null {
  const bare = sql.replaceAll(/--.*$/gm, '').replaceAll(/'(?:[^']|'')*'/g, "''")
  const statement = TAKES_AWAY.exec(bare)?.[0] ?? NOT_FILLED.exec(bare)?.[0]
  const step = TWO_STEP.exec(sql)?.[1]
  const isSecond = /^\d{14}_contract_/.test(name)
  if (isSecond !== (step !== undefined))
    return 'a second step is named _contract_ and says which was the first'
  if (step !== undefined) return all.includes(step) && step < name ? null : `there is no earlier ${step}`
  return statement ?? null
}

describe('prisma/migrations', () => {
  const names = readdirSync(join(ROOT, 'prisma/migrations'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()

  /** Before there was a rule there was nothing that ran. */
  const ruled = names.filter((name) => name > '20261126070000')

  it.each([...ruled, ...names.filter((name) => /_(init|governance)$/.test(name))])(
    '%s only adds, so that the version before goes on beside it',
    (name) => {
      expect(name).toMatch(/^\d{14}_\w+$/)
      expect(faultOf(name, read(`prisma/migrations/${name}/migration.sql`), names)).toBeNull()
    },
  )

  const FIRST = '20260101000000_first'
  it.each([
    ['DROP TABLE "Pool";'],
    ['ALTER TABLE "Pool" DROP COLUMN "price";'],
    ['alter table "Pool"\n  drop column "price";'],
    ['ALTER TABLE "Pool" RENAME TO "Pond";'],
    ['ALTER TABLE "Pool" RENAME COLUMN "price" TO "cost";'],
    ['ALTER TABLE "Pool" ALTER COLUMN "price" SET NOT NULL;'],
    ['ALTER TABLE "Pool" ALTER COLUMN "price" TYPE TEXT;'],
    ['ALTER TABLE "Pool" ADD COLUMN "cost" TEXT NOT NULL;'],
    ['TRUNCATE "Pool";'],
    ['DELETE FROM "Pool";'],
  ])('refuses %s', (sql) => {
    expect(faultOf('20270101000000_other', sql, [FIRST])).not.toBeNull()
    const second = `-- two-step: ${FIRST}\n${sql}`
    expect(faultOf('20270101000000_contract_other', second, [FIRST])).toBeNull()
    expect(faultOf('20270101000000_other', second, [FIRST])).not.toBeNull()
    expect(faultOf('20270101000000_contract_other', sql, [FIRST])).not.toBeNull()
    expect(faultOf('20270101000000_contract_other', second, [])).not.toBeNull()
  })

  it.each([
    ['CREATE TABLE "Pond" ("id" TEXT NOT NULL);'],
    ['ALTER TABLE "Pool" ADD COLUMN "cost" TEXT;'],
    ['ALTER TABLE "Pool" ADD COLUMN "cost" TEXT NOT NULL DEFAULT \'x\';'],
    ['CREATE INDEX "Pool_price" ON "Pool" ("price"); -- DROP TABLE is only spoken of'],
  ])('lets through %s', (sql) => {
    expect(faultOf('20270101000000_other', sql, [])).toBeNull()
  })
})

describe('outgoing calls', () => {
  const sources = ['apps/api/src', 'apps/custodian/src', 'apps/cli/src', 'libs/operation/src'].flatMap(
    (folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name)),
  )

  it('all have a time limit', () => {
    let calls = 0
    const without = sources.flatMap((file) => {
      const text = readFileSync(file, 'utf8')
      return [...text.matchAll(/(?:await|return|=) fetch\(/g)].flatMap((match) => {
        calls += 1
        return /\bsignal\b/.test(text.slice(match.index, match.index + 500)) ? [] : [file]
      })
    })
    expect(calls).toBeGreaterThan(4)
    expect(without).toEqual([])
  })
})
