import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Interface, TypedDataEncoder } from 'ethers'
import { z } from 'zod'
import { CONTRACT_ABIS } from '../contracts.js'
import { MESSAGES, type MessageName, typeString } from '../messages/index.js'
import { clearSigning, MESSAGE_WORDS, NOWHERE, TRANSACTION_WORDS } from './index.js'

const folder = new URL('../../../../contracts/erc7730/', import.meta.url)
const shipped = Object.fromEntries(
  readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8'))]),
)

const ENUM = z.record(z.string(), z.string().max(20)).refine((all) => Object.keys(all).length <= 32)
const path = z.string().regex(/^[a-zA-Z]+(\.\[\](\.[a-z]+)?)?$/)
const deployments = z.tuple([
  z.strictObject({ chainId: z.int().min(1), address: z.string().regex(/^0x[0-9a-fA-F]{40}$/) }),
])
const ofCalls = z.strictObject({
  contract: z.strictObject({
    deployments,
    abi: z.array(z.looseObject({ type: z.literal('function'), name: z.string() })).min(1),
  }),
})
const METADATA = z.strictObject({
  owner: z.literal('Granary'),
  constants: z.strictObject({ token: z.string() }),
  enums: z.record(z.string(), ENUM),
})
const DISPLAY = z.strictObject({
  formats: z.record(
    z.string(),
    z.strictObject({
      intent: z.string().min(1).max(30),
      fields: z
        .array(
          z.strictObject({
            path,
            label: z.string().min(1).max(20),
            format: z.enum(['raw', 'addressName', 'tokenAmount', 'date', 'enum']),
            params: z.record(z.string(), z.unknown()).optional(),
          }),
        )
        .min(1),
      required: z.array(path).min(1),
    }),
  ),
})
/** As much of ERC-7730 (version 1) as is used, with the limits that the registry's own checks have. */
const schemaOf = <Context extends z.ZodType>(context: Context) =>
  z.strictObject({
    $schema: z.url(),
    context,
    metadata: METADATA,
    display: DISPLAY,
  })
const ofMessages = z.strictObject({
  eip712: z.strictObject({
    domain: z.strictObject({ name: z.string().min(1), version: z.literal('1') }),
    deployments,
    schemas: z
      .array(
        z.strictObject({
          primaryType: z.string(),
          types: z.record(z.string(), z.array(z.strictObject({ name: z.string(), type: z.string() }))),
        }),
      )
      .min(1),
  }),
})
const schema = schemaOf(ofMessages)
const callSchema = schemaOf(ofCalls)
type Descriptor = z.infer<typeof schema>
type CallDescriptor = z.infer<typeof callSchema>
const isOfCalls = (name: string) => name.startsWith('calldata-')
const messages = Object.entries(shipped).flatMap(([name, one]) =>
  isOfCalls(name) ? [] : [one as Descriptor],
)
const calls = Object.entries(shipped).flatMap(([name, one]) =>
  isOfCalls(name) ? [one as CallDescriptor] : [],
)

describe('the descriptors that ship with the contracts', () => {
  it('are what follows from the messages and their words: node scripts/erc7730.mjs writes them', () => {
    expect(shipped).toEqual(clearSigning(NOWHERE))
  })

  it.each(Object.keys(shipped))('%s fits the schema', (name) => {
    const fits = isOfCalls(name) ? callSchema : schema
    expect(fits.safeParse(shipped[name]).error).toBeUndefined()
  })

  it.each(Object.keys(shipped))('%s is read on a screen that knows ASCII alone', (name) => {
    expect(JSON.stringify(shipped[name])).toMatch(/^[ -~]+$/)
  })

  it('name every message, by its type, and every field of it', () => {
    const all = messages
    for (const name of Object.keys(MESSAGES) as MessageName[]) {
      const [found, ...more] = all.filter(({ display }) => Object.hasOwn(display.formats, name))
      expect(more).toEqual([])
      const { types } = found!.context.eip712.schemas.find(({ primaryType }) => primaryType === name)!
      const { EIP712Domain: _, ...own } = types
      expect(TypedDataEncoder.from(own).encodeType(name)).toBe(typeString(name))
      const shown = new Set(found!.display.formats[name]!.fields.map((field) => field.path.split('.')[0]))
      expect([...shown]).toEqual(Object.keys(MESSAGE_WORDS[name].fields))
    }
    expect(all.some(({ display }) => Object.hasOwn(display.formats, 'Permit'))).toBe(true)
  })

  it('name every transaction that Granary asks for, by its method, and every argument of it', () => {
    const { deployment } = NOWHERE
    for (const { contract, method, fields } of Object.values(TRANSACTION_WORDS)) {
      const { context, display } = shipped[`calldata-${contract}.json`] as CallDescriptor
      expect(context.contract.deployments).toEqual([
        { chainId: deployment.chainId, address: deployment[contract] },
      ])
      const called = new Interface(CONTRACT_ABIS[contract] as never).getFunction(method)!
      const told = new Interface(context.contract.abi as never).getFunction(method)!
      expect(told.selector).toBe(called.selector)
      const format = display.formats[called.format('sighash')]!
      const shown = new Set(format.fields.map(({ path }) => path.split('.')[0]))
      expect([...shown]).toEqual(called.inputs.map(({ name }) => name))
      expect(format.fields.map(({ label }) => label)).toEqual(
        Object.values(fields as Record<string, { label: string }>).map(({ label }) =>
          label.replace('’', "'"),
        ),
      )
    }
  })

  it('refer to enumerations that they have', () => {
    for (const { display, metadata } of [...messages, ...calls])
      for (const { fields } of Object.values(display.formats))
        for (const { format, params } of fields) {
          if (format !== 'enum') continue
          const [, name] = /^\$\.metadata\.enums\.([a-z]+)$/.exec(String(params?.$ref)) ?? []
          expect(Object.keys(metadata.enums)).toContain(name)
        }
  })
})
