// How ids, addresses, amounts and times look in JSON. Tolerant schemas normalise what people type; the `canonical`
// ones take only the one spelling, for documents whose bytes are hashed.
import { getAddress, isAddress } from 'ethers'
import { z } from 'zod'
import type { Address, Hex } from './hex.js'
import { MAX_SIGN_IN_SIGNATURE_BYTES, MAX_SIGNATURE_BYTES } from './limits.js'

/** 32 bytes, `0x` and 64 lower-case hex digits; upper-case input is taken and lowered. */
export const bytes32Schema = z
  .string()
  .toLowerCase()
  .regex(/^0x[0-9a-f]{64}$/, '0x and 64 hex digits') as unknown as z.ZodType<Hex, string>

/** Whole bytes as lower-case hex. */
const bytesUpTo = (most: number) =>
  z
    .string()
    .toLowerCase()
    .max(2 + 2 * most, `at most ${most} bytes`)
    .regex(/^0x([0-9a-f]{2})*$/, '0x and hex digits') as unknown as z.ZodType<Hex, string>

/** Whole bytes as lower-case hex, at most 16 KiB. */
export const bytesSchema = bytesUpTo(16_384)

/** The signature of a message, also a contract wallet's: at most 4 KiB. */
export const signatureSchema = bytesUpTo(MAX_SIGNATURE_BYTES)

/** The signature of a sign-in, also of a wallet that is not deployed yet (ERC-6492): at most 16 KiB. */
export const signInSignatureSchema = bytesUpTo(MAX_SIGN_IN_SIGNATURE_BYTES)

/** An account; any consistent case is taken, the checksummed form comes out. */
export const addressSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'an address')
  .refine((text) => isAddress(text), 'an address whose checksum holds')
  .overwrite((text) => (isAddress(text) ? getAddress(text) : text)) as unknown as z.ZodType<Address, string>

/** An amount in the token's smallest unit, as a decimal string below 2^256. */
export const amountSchema = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/, 'a whole number in decimal')
  .refine((text) => text.length < 78 || BigInt(text) < 1n << 256n, 'below 2^256')

/** An RFC 3339 time in UTC. */
export const timeSchema = z.iso.datetime()

/** 32 bytes in lower case and nothing else. */
export const canonicalBytes32Schema = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, '0x and 64 lower-case hex digits') as unknown as z.ZodType<Hex, string>

/** An address with its checksum and nothing else. */
export const canonicalAddressSchema = z
  .string()
  .refine(
    (text) => isAddress(text) && getAddress(text) === text,
    'a checksummed address',
  ) as unknown as z.ZodType<Address, string>
