import { describe, expect, it } from '@jest/globals'
import { judgeUrl } from './elsewhere.js'

const REMOTE = ['https://granary.example']
const LOCAL = ['http://localhost:4280']
const judged = (url: string, chosen: string[]) => {
  try {
    judgeUrl(url, chosen)
    return 'called'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('a URL that somebody else named', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://[fd00:ec2::254]/',
    'http://localhost:8545',
    'http://api.localhost',
    'http://127.0.0.1:5001/api/v0/pin/rm',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0/',
    'http://[::1]:5432/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[fe80::1]/',
    'http://[2001:db8::1]/',
    'http://[2002:7f00:1::]/',
    'http://10.0.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://router/',
    'http://printer.local/',
    'http://metadata.google.internal/',
    'http://metadata.google.internal./',
    'http://nas.home.arpa/',
    'https://alice:secret@custodian.example/',
    'https://granary.example@127.0.0.1/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'gopher://custodian.example/',
    'custodian.example',
    '',
  ])('by a remote API is not %s', (url) => {
    expect(judged(url, REMOTE)).toBe('URL_REFUSED')
  })

  it.each([
    'https://custodian.example:7080/v1',
    'http://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'http://172.32.0.1/',
  ])('may be %s', (url) => {
    expect(judged(url, REMOTE)).toBe('called')
  })

  it('may be on this machine where the API is, and nowhere else that is not public', () => {
    for (const url of ['http://127.0.0.1:7080/', 'http://localhost:1/', 'http://[::1]:1/'])
      expect(judged(url, LOCAL)).toBe('called')
    for (const url of ['http://169.254.169.254/', 'http://10.0.0.1/', 'http://router/', 'http://0.0.0.0/'])
      expect(judged(url, LOCAL)).toBe('URL_REFUSED')
  })

  it('may be an origin that the user named, and not its neighbours', () => {
    const chosen = ['http://10.0.0.5:4280', 'http://10.0.0.6:8545']
    expect(judged('http://10.0.0.5:4280/ipfs/x', chosen)).toBe('called')
    expect(judged('http://10.0.0.6:8545/', chosen)).toBe('called')
    expect(judged('http://10.0.0.5:22/', chosen)).toBe('URL_REFUSED')
    expect(judged('http://10.0.0.7:4280/', chosen)).toBe('URL_REFUSED')
  })
})
