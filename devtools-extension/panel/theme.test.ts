import { expect, test } from 'vitest'
import { followTheme, themeOf } from './theme.js'

test('light is light, by whatever name, so that the operating system has no say', () => {
  expect(['default', 'light', 'firebug', 'dark'].map(themeOf)).toEqual(['light', 'light', 'light', 'dark'])
})

test('follows Chromium, which has one handler', () => {
  let tell: (name: string) => void = () => {}
  const theme = followTheme({ themeName: 'default', setThemeChangeHandler: (handler) => (tell = handler) })
  expect(theme.get()).toBe('light')
  tell('dark')
  expect(theme.get()).toBe('dark')
  tell('default')
  expect(theme.get()).toBe('light')
})

test('follows Firefox, which has an event', () => {
  let tell: (name: string) => void = () => {}
  const theme = followTheme({ themeName: 'dark', onThemeChanged: { addListener: (listener) => (tell = listener) } })
  expect(theme.get()).toBe('dark')
  tell('light')
  expect(theme.get()).toBe('light')
})

test('knows nothing outside of developer tools, or of changes where none are told', () => {
  expect(followTheme(undefined).get()).toBeUndefined()
  expect(followTheme({ themeName: 'dark' }).get()).toBe('dark')
})
