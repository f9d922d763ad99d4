// A view of a contract as data: what to ask and how to read the answer.
import { type Address, GranaryError, type Hex } from '@granary/protocol'
import { Interface, type InterfaceAbi } from 'ethers'

/** A call of a view function. `decode` reads the bytes that it returns. */
export interface Call<T> {
  readonly to: Address
  readonly data: Hex
  /** Most gas the call may use; the node's own limit without it. */
  readonly gas?: number
  decode(returned: Hex): T
}

/** The answers of calls, in their order. */
export type Answers<C extends readonly Call<unknown>[]> = {
  [K in keyof C]: C[K] extends Call<infer T> ? T : never
}

// biome-ignore lint/suspicious/noExplicitAny: what the ABI says, which is generated
type Decoded = any

/** Makes calls of one contract. `read` turns the decoded values (ethers' Result) into what the caller wants. */
export function contract(address: Address, abi: InterfaceAbi) {
  const iface = new Interface(abi)
  return <T>(name: string, args: readonly unknown[], read: (...values: Decoded[]) => T): Call<T> => ({
    to: address,
    data: iface.encodeFunctionData(name, args) as Hex,
    decode: (returned) => {
      try {
        return read(...iface.decodeFunctionResult(name, returned))
      } catch (cause) {
        throw new GranaryError('CHAIN_UNAVAILABLE', `the answer to ${name} cannot be read`, { cause })
      }
    },
  })
}
