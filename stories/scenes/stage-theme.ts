/** Light or dark, as the toolbar says. */
import { type Context, createContext } from 'react'

export type Theme = 'light' | 'dark'

export const StageTheme: Context<Theme> = createContext<Theme>('light')
