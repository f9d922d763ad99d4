import { describe, expect, it } from '@jest/globals'
import { chooseServices, withoutPassword } from './real-services.js'

const KUBO = 'http://127.0.0.1:5001'
const DATABASE = 'postgresql://granary:secret@db:5432/granary'

describe('the choice between embedded and real services', () => {
  it('refuses to look for the files of a network elsewhere', () => {
    expect(() => chooseServices({ kept: {}, asked: { kubo: KUBO } })).toThrow(
      expect.objectContaining({ code: 'SERVICE_FIXED' }),
    )
    expect(() => chooseServices({ kept: { kubo: KUBO }, asked: { kubo: 'http://other:5001' } })).toThrow()
  })

  it('takes what a first start asks for, and keeps it', () => {
    const asked = { database: DATABASE, kubo: KUBO }
    expect(chooseServices({ kept: undefined, asked })).toEqual(asked)
    expect(chooseServices({ kept: asked, asked: {} })).toEqual(asked)
  })

  it('lets the database move: it is a cache', () => {
    expect(chooseServices({ kept: {}, asked: { database: DATABASE } })).toEqual({ database: DATABASE })
  })

  it('shows no password', () => {
    expect(withoutPassword(DATABASE)).toBe('postgresql://granary@db:5432/granary')
  })
})
