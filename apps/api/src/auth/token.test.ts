import { describe, expect, it } from '@jest/globals'
import { hashToken, newToken, presentedToken } from './token.js'

describe('presentedToken', () => {
  const token = newToken()

  it('takes a bearer token, else the cookie', () => {
    expect(presentedToken({ authorization: `Bearer ${token}` })).toEqual({ token, by: 'bearer' })
    expect(presentedToken({ cookie: `a=1; granary_session=${token}; b=2` })).toEqual({ token, by: 'cookie' })
  })

  it('does not fall back to the cookie when another authorization is there', () => {
    expect(presentedToken({ authorization: 'Basic x', cookie: `granary_session=${token}` })).toBeNull()
  })

  it('takes no cookie of a similar name', () => {
    expect(presentedToken({ cookie: `xgranary_session=${token}` })).toBeNull()
    expect(presentedToken({ cookie: `granary_session=${token}x` })).toBeNull()
  })
})

describe('hashToken', () => {
  it('does not show the token', () => {
    expect(hashToken('a')).toMatch(/^[0-9a-f]{64}$/)
  })
})
