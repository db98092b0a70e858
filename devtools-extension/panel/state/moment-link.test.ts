import { expect, test } from 'vitest'
import { linkOf, readLink } from './moment-link.js'

const moment = `${'a'.repeat(64)}.2~${'b'.repeat(64)}`

test('a link reads back as what it was made of', () => {
  const link = { store: 'my notes/2', path: '/data/main', moment }
  expect(readLink(linkOf(link))).toEqual(link)
  const ofUser = { ...link, path: '/user/ada@example.com/main' }
  expect(readLink(linkOf(ofUser))).toEqual(ofUser)
  expect(readLink(` ${linkOf(link)}\n`)).toEqual(link)
  expect(readLink(linkOf({ ...link, moment: 'start' }))).toMatchObject({ moment: 'start' })
})

test('other texts are none', () => {
  for (const text of [
    '',
    'author:ada',
    'ibex:main',
    'ibex:main/data/main',
    `ibex:main@${moment}`,
    'ibex:%/data/main@start',
  ]) {
    expect(readLink(text)).toBeUndefined()
  }
})
