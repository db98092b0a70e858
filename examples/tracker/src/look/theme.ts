/** Light, dark, or as the system has it. `index.html` applies the choice before the first paint. */
import { createCell, useCell } from '../shell/cell.js'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'tracker-theme'
const theme = createCell<Theme>((document.documentElement.dataset['theme'] as Theme | undefined) ?? 'system')

export const useTheme = (): Theme => useCell(theme)

/** Changes to the other of the two, whichever is seen now. */
export function switchTheme(): void {
  const seen = theme.get()
  const isDark = seen === 'dark' || (seen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  setTheme(isDark ? 'light' : 'dark')
}

export function setTheme(next: Theme): void {
  theme.set(next)
  if (next === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
  try {
    localStorage.setItem(KEY, next)
  } catch {
    // Where nothing may be stored the choice lasts as long as the page.
  }
}
