import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { TypedDataEncoder } from 'ethers'
import { z } from 'zod'
import { MESSAGES, type MessageName, typeString } from '../messages/index.js'
import { clearSigning, MESSAGE_WORDS, NOWHERE } from './index.js'

const folder = new URL('../../../../contracts/erc7730/', import.meta.url)
const shipped = Object.fromEntries(
  readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8'))]),
)

const ENUM = z.record(z.string(), z.string().max(20)).refine((all) => Object.keys(all).length <= 32)
const path = z.string().regex(/^[a-zA-Z]+(\.\[\](\.[a-z]+)?)?$/)
/** As much of ERC-7730 (version 1) as is used, with the limits that the registry's own checks have. */
const schema = z.strictObject({
  $schema: z.url(),
  context: z.strictObject({
    eip712: z.strictObject({
      domain: z.strictObject({ name: z.string().min(1), version: z.literal('1') }),
      deployments: z.tuple([
        z.strictObject({ chainId: z.int().min(1), address: z.string().regex(/^0x[0-9a-fA-F]{40}$/) }),
      ]),
      schemas: z
        .array(
          z.strictObject({
            primaryType: z.string(),
            types: z.record(z.string(), z.array(z.strictObject({ name: z.string(), type: z.string() }))),
          }),
        )
        .min(1),
    }),
  }),
  metadata: z.strictObject({
    owner: z.literal('Granary'),
    constants: z.strictObject({ token: z.string() }),
    enums: z.record(z.string(), ENUM),
  }),
  display: z.strictObject({
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
  }),
})
type Descriptor = z.infer<typeof schema>

describe('the descriptors that ship with the contracts', () => {
  it('are what follows from the messages and their words: node scripts/erc7730.mjs writes them', () => {
    expect(shipped).toEqual(clearSigning(NOWHERE))
  })

  it.each(Object.keys(shipped))('%s fits the schema', (name) => {
    expect(schema.safeParse(shipped[name]).error).toBeUndefined()
  })

  it('name every message, by its type, and every field of it', () => {
    const all = Object.values(shipped) as Descriptor[]
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

  it('refer to enumerations that they have', () => {
    for (const { display, metadata } of Object.values(shipped) as Descriptor[])
      for (const { fields } of Object.values(display.formats))
        for (const { format, params } of fields) {
          if (format !== 'enum') continue
          const [, name] = /^\$\.metadata\.enums\.([a-z]+)$/.exec(String(params?.$ref)) ?? []
          expect(Object.keys(metadata.enums)).toContain(name)
        }
  })
})
