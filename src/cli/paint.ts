/** Colours for terminals: https://no-color.org is respected. */
import { IbexError } from '../errors.js'
import type { Io } from './io.js'

const CODES = {
  id: '33',
  strong: '1',
  dim: '2',
  added: '32',
  removed: '31',
  head: '1',
  note: '36',
} as const

export type Style = keyof typeof CODES

export interface Paint {
  readonly on: boolean
  (style: Style, text: string): string
  /** One of several colours, for what only is to be told apart. */
  readonly column: (text: string, column: number) => string
}

const COLUMNS = [31, 32, 33, 34, 35, 36]

/** `when`: `auto` (the default), `always`, `never`, as Git has it; alone it means `always`. */
export function painter(io: Io, when: string | boolean = 'auto'): Paint {
  if (typeof when === 'string' && !['auto', 'always', 'never'].includes(when)) {
    throw new IbexError('bad-option', `--color takes auto, always or never, not '${when}'.`)
  }
  const on = when === true || when === 'always' || (when === 'auto' && io.terminal && !io.env['NO_COLOR'])
  const wrap = (code: string | number, text: string): string => (on && text ? `\u001B[${code}m${text}\u001B[m` : text)
  return Object.assign((style: Style, text: string) => wrap(CODES[style], text), {
    on,
    column: (text: string, column: number) => (text.trim() ? wrap(COLUMNS[column % COLUMNS.length]!, text) : text),
  })
}
