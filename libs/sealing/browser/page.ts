/// <reference types="vite/client" />
import { cipherInUse } from '../src/cipher.js'
import { runTests, type TestResult } from './jest-globals.js'
import { measureSealing } from './speed.js'

// Every test of the library that does not need Node. `@jest/globals` is `jest-globals.ts` here.
const files = import.meta.glob(['../src/**/*.test.ts', '!../src/**/*.node.test.ts'])

declare global {
  /** Given by the spec that opens this page. */
  var reportTest: (result: TestResult) => Promise<void>
  /** Started by the spec: runs everything and tells which cipher the platform gave. */
  var runSealingTests: () => Promise<{ files: number; cipher: string; secure: boolean }>
  /** Started by the benchmark. */
  var measureSealingSpeed: typeof measureSealing
}

globalThis.runSealingTests = async () => {
  for (const name of Object.keys(files).sort()) await files[name]!()
  await runTests(globalThis.reportTest)
  return { files: Object.keys(files).length, cipher: await cipherInUse(), secure: globalThis.isSecureContext }
}

globalThis.measureSealingSpeed = measureSealing
