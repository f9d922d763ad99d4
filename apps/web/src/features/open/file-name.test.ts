import { expect, it } from '@jest/globals'
import { fileName } from './file-name.js'

it.each([
  ['Sleep diary', 'text/csv', 'Sleep diary.csv'],
  ['trips.CSV', 'text/csv', 'trips.CSV'],
  ['../../etc/passwd', 'text/plain', 'etc passwd.txt'],
  ['a\u202etxt.exe', 'application/octet-stream', 'a txt.exe'],
  ['...', '', 'dataset'],
  ['C:\\x|y', 'application/json', 'C x y.json'],
])('%j of type %s is saved as %s', (title, type, name) => expect(fileName(title, type)).toBe(name))
