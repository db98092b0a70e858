import { expect, test } from 'vitest'
import { KEYS, keyParts, nameOfKey, OTHER_KEYS } from './keys.js'

test('no key has two meanings', () => {
  const all = [...KEYS, ...OTHER_KEYS].flatMap(({ keys }) => keys)
  expect(new Set(all).size).toBe(all.length)
})

test('a key press is named as the table has it', () => {
  const named = (key: string, shiftKey = false): string => nameOfKey({ key, shiftKey })
  expect(named('ArrowLeft', true)).toBe('Shift+ArrowLeft')
  expect(named('ArrowLeft')).toBe('ArrowLeft')
  // With caps lock it is the same key.
  expect(named('G')).toBe('g')
  expect(named('?', true)).toBe('?')
  expect(named('[')).toBe('[')
  expect(named(' ')).toBe(' ')
})

test('names as they are printed on keyboards', () => {
  expect(keyParts('Shift+ArrowLeft')).toEqual(['⇧', '←'])
  expect(keyParts('+')).toEqual(['+'])
  expect(keyParts(' ')).toEqual(['Space'])
})
