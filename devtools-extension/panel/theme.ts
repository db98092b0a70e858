/** Light or dark as the browser's developer tools are, whatever the operating system is. */
import { createCell, type Live } from '../../src/inspect/live.js'

export type Theme = 'light' | 'dark'

/** What the developer tools tell of their theme: Chromium by a handler, Firefox by an event. */
export interface ThemeTeller {
  readonly themeName: string
  setThemeChangeHandler?(handler: (name: string) => void): void
  readonly onThemeChanged?: { addListener(listener: (name: string) => void): void }
}

/** By name: Chromium has `default` and `dark`, Firefox `light`, `dark` and once had others, all of them light. */
export function themeOf(name: string): Theme {
  return name === 'dark' ? 'dark' : 'light'
}

/** Undefined where the panel is not in developer tools. */
export function followTheme(panels: ThemeTeller | undefined): Live<Theme | undefined> {
  const theme = createCell(panels && themeOf(panels.themeName))
  const turn = (name: string): void => theme.set(themeOf(name))
  panels?.setThemeChangeHandler?.(turn)
  panels?.onThemeChanged?.addListener(turn)
  return theme
}
