import { describe, expect, it } from '@jest/globals'
import { createReach, outgoingAllowSchema } from './reach.js'

const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '100.63.255.255',
  '100.128.0.0',
  '172.32.0.1',
  '2606:4700::1111',
  '2a00::1',
]
const LOOPBACK = ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '[::1]']
const PRIVATE = [
  ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '100.127.255.255'],
  ...['fc00::1', 'fd12:3456::1', '::ffff:10.0.0.1', '::ffff:c0a8:101'],
]
const NEVER = [
  ...['0.0.0.0', '0.1.2.3', '169.254.169.254', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '192.0.2.1'],
  ...['198.18.0.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '::', '::7f00:1'],
  ...[
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'fec0::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::1',
    '4000::1',
  ],
  ...['', 'localhost', '127.1', '0x7f000001', '2130706433', '1.2.3.4.5', '1.2.3.4, 127.0.0.1'],
]

describe('createReach', () => {
  it.each([...LOOPBACK, ...PRIVATE, ...NEVER])('refuses %s unless it is allowed', (address) => {
    expect(createReach([])(address)).toBe(false)
  })

  it.each(PUBLIC)('takes %s, whatever else is allowed', (address) => {
    expect(createReach([])(address)).toBe(true)
    expect(createReach(['loopback'])(address)).toBe(true)
  })

  it('takes loopback and private addresses each by its name, and nothing else by them', () => {
    const both = [
      ...LOOPBACK.map((address) => ['loopback', address]),
      ...PRIVATE.map((it) => ['private', it]),
    ]
    for (const [name = '', address = ''] of both) {
      expect([address, createReach([name])(address)]).toEqual([address, true])
      const other = name === 'loopback' ? 'private' : 'loopback'
      expect([address, createReach([other])(address)]).toEqual([address, false])
    }
    for (const address of NEVER)
      expect([address, createReach(['loopback', 'private'])(address)]).toEqual([address, false])
  })

  it('takes a network that is named, to its last address', () => {
    const reaches = createReach(['10.1.0.0/16', 'fd00:1::/32'])
    expect(['10.1.0.0', '10.1.255.255', 'fd00:1::1', '::ffff:10.1.2.3'].map(reaches)).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(['10.0.255.255', '10.2.0.0', 'fd00:2::1'].map(reaches)).toEqual([false, false, false])
  })
})

describe('OUTGOING_ALLOW', () => {
  it.each([
    ['none', []],
    ['', []],
    ['private', ['private']],
    ['loopback, 10.1.0.0/16', ['loopback', '10.1.0.0/16']],
  ])('takes "%s"', (text, list) => {
    expect(outgoingAllowSchema.parse(text)).toEqual(list)
  })

  it.each([
    'anywhere',
    '*',
    '10.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    'fd00::/129',
    '10.0.0.0/-1',
    'PRIVATE',
  ])('refuses "%s"', (text) => {
    expect(outgoingAllowSchema.safeParse(text).success).toBe(false)
  })
})
