import { describe, expect, it } from '@jest/globals'
import { deploymentOf } from '../testing/deployment.js'
import { codeOf } from '../testing/vectors.js'
import { parseDeployment, sameDeployment } from './deployment.js'
import { DEVELOPMENT_ACCOUNTS } from './development.js'
import { contributionFlags, readFlags } from './flags.js'
import { bytesToHex, hexToBytes } from './hex.js'

const [council, operator] = DEVELOPMENT_ACCOUNTS()
const address = council!.address
const deployment = deploymentOf(() => address)

describe('a deployment', () => {
  it('is read from JSON, its text, and with lower-case addresses', () => {
    expect(parseDeployment(deployment)).toEqual(deployment)
    expect(parseDeployment(JSON.stringify(deployment))).toEqual(deployment)
    expect(parseDeployment({ ...deployment, token: address.toLowerCase() }).token).toBe(address)
  })

  it('is refused when something in it is missing or wrong', () => {
    const refused = (json: unknown) => codeOf(() => parseDeployment(json))
    expect(refused('{')).toBe('DEPLOYMENT_INVALID')
    expect(refused(null)).toBe('DEPLOYMENT_INVALID')
    expect(refused({ ...deployment, version: 2 })).toBe('DEPLOYMENT_INVALID')
    expect(refused({ ...deployment, rewardPool: undefined })).toBe('DEPLOYMENT_INVALID')
    expect(refused({ ...deployment, token: '0x12' })).toBe('DEPLOYMENT_INVALID')
  })

  it('is the same wherever its events begin, and only then', () => {
    const known = parseDeployment(deployment)
    expect(sameDeployment(known, { ...known, startBlock: 9 })).toBe(true)
    expect(sameDeployment(known, { ...known, chainId: 1 })).toBe(false)
    expect(sameDeployment(known, { ...known, rewardPool: operator!.address })).toBe(false)
  })
})

describe('the development accounts', () => {
  it('are those of the well-known mnemonic', () => {
    expect(council).toEqual({
      role: 'council',
      address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
      privateKey: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
    })
    const roles = DEVELOPMENT_ACCOUNTS().map(({ role }) => role)
    expect(roles).toEqual([
      'council',
      'operator',
      'contributor',
      'guardian',
      ...Array(2).fill('trainer'),
      ...Array(6).fill('contributor'),
    ])
  })
})

describe('flags and hex', () => {
  it('go there and back', () => {
    expect(readFlags(contributionFlags({ ask: true, rawRoot: false }))).toEqual({
      ask: true,
      rawRoot: false,
      withdrawn: false,
    })
    expect(readFlags(4)).toEqual({ ask: false, rawRoot: false, withdrawn: true })
    expect(contributionFlags({ ask: false, rawRoot: true })).toBe(2)
    expect(bytesToHex(hexToBytes('0x00aBff'))).toBe('0x00abff')
  })

  it('refuse what is not hex', () => {
    for (const text of ['', '00', '0x0', '0xzz', '0x0g']) expect(() => hexToBytes(text)).toThrow(TypeError)
    expect(() => hexToBytes('0x00', 2)).toThrow(TypeError)
  })
})
