import { describe, expect, test } from 'vitest'
import type { CommitId, Lane } from '../ids.js'
import { actionId, flushActionId, formatMoment, parseActionId, parseMoment, START } from './moment.js'

const id = (digit: string): CommitId => digit.repeat(64) as CommitId

describe('the names of moments', () => {
  test.each([
    { last: undefined, action: undefined, others: [] },
    { last: id('a'), action: undefined, others: [] },
    { last: id('a'), action: 0, others: [] },
    { last: id('b'), action: 12, others: [id('1'), id('c')] },
  ])('say what they were made of', (parts) => {
    expect(parseMoment(formatMoment(parts))).toEqual(parts)
  })

  test('can stand in an address as they are', () => {
    const text = formatMoment({ last: id('b'), action: 12, others: [id('1'), id('c')] })
    expect(encodeURIComponent(text)).toBe(text)
    expect(encodeURIComponent(START)).toBe(START)
  })

  test.each([
    '',
    'now',
    id('a').slice(1),
    `${id('a')}.`,
    `${id('a')}.01`,
    `${id('a')}.1.2`,
    `${id('a')}~`,
    `${id('a')}~${id('c')}~${id('b')}`,
  ])('refuse %s', (text) => {
    expect(() => parseMoment(text)).toThrow(expect.objectContaining({ code: 'malformed-id' }))
  })
})

describe('the names of actions', () => {
  test('say what they were made of', () => {
    expect(parseActionId(actionId(id('a'), 3))).toEqual({ commit: id('a'), action: 3 })
    expect(parseActionId('0123456789abcdef/2')).toEqual({ prefix: '0123456789abcdef', action: 2 })
    const lane = '0123456789abcdef' as Lane
    expect(parseActionId(flushActionId(lane, 7, 0))).toEqual({ lane, flush: 7, action: 0 })
  })

  test.each(['', 'a/1', id('a'), `${id('a')}/`, `${id('a')}/-1`, `${id('a')}/1/1`, '0123456789abcde/1'])(
    'refuse %s',
    (text) => {
      expect(() => parseActionId(text)).toThrow(expect.objectContaining({ code: 'malformed-id' }))
    },
  )
})
