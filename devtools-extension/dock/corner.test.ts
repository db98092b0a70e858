import { expect, test } from 'vitest'
import { matches } from './corner.js'

const press = (key: string, code: string, ...held: string[]) => ({
  key,
  code,
  ctrlKey: held.includes('ctrl'),
  altKey: held.includes('alt'),
  shiftKey: held.includes('shift'),
  metaKey: held.includes('meta'),
})

test('keys are known whatever they type on this keyboard', () => {
  expect(matches(press('I', 'KeyI', 'alt', 'shift'), 'Alt+Shift+I')).toBe(true)
  // Option and shift on a Mac.
  expect(matches(press('ˆ', 'KeyI', 'alt', 'shift'), 'Alt+Shift+I')).toBe(true)
  expect(matches(press('F9', 'F9'), 'F9')).toBe(true)
  expect(matches(press('k', 'KeyK', 'meta'), 'Meta+K')).toBe(true)
})

test('other keys, and more or fewer held than asked for, are none of them', () => {
  expect(matches(press('i', 'KeyI', 'alt'), 'Alt+Shift+I')).toBe(false)
  expect(matches(press('I', 'KeyI', 'alt', 'shift', 'ctrl'), 'Alt+Shift+I')).toBe(false)
  expect(matches(press('O', 'KeyO', 'alt', 'shift'), 'Alt+Shift+I')).toBe(false)
})
