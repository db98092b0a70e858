/** Values of items as text: for people, and for other programs. */
import type { Paint } from './paint.js'

/** Lines around what is different in a long text. */
const CONTEXT = 2

/** A text of somebody else's, which must not do anything to the terminal that it is shown on. */
export function printText(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** On one line. */
export function printValue(value: unknown): string {
  if (value === undefined) return '(nothing)'
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return `(${value.length} bytes)`
  return printText(stringify(value))
}

/** JSON on one line. What JSON does not know: bytes are base64, and what is undefined is left out. */
export function stringify(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('base64')
    return typeof part === 'bigint' ? Number(part) : part
  })
}

/** How a field is different: lines that begin with `-` and `+`, as in a patch. */
export function printDifference(paint: Paint, name: string, from: unknown, to: unknown): string[] {
  const field = printText(name)
  const minus = (text: string): string => paint('removed', `- ${text}`)
  const plus = (text: string): string => paint('added', `+ ${text}`)
  if (typeof from === 'number' && typeof to === 'number') {
    const step = to - from
    return [minus(`${field}: ${from}`), plus(`${field}: ${to}`) + paint('dim', ` (${step < 0 ? '' : '+'}${step})`)]
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    const [before, after] = [from.map(printValue), to.map(printValue)]
    return [
      ...before.filter((element) => !after.includes(element)).map((element) => minus(`${field}: ${element}`)),
      ...after.filter((element) => !before.includes(element)).map((element) => plus(`${field}: ${element}`)),
    ]
  }
  if (isRecord(from) && isRecord(to)) {
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) =>
      stringify(from[key]) === stringify(to[key]) ? [] : printDifference(paint, `${name}.${key}`, from[key], to[key]),
    )
  }
  if (typeof from === 'string' && typeof to === 'string' && (from.includes('\n') || to.includes('\n'))) {
    return [`${field}:`, ...linesBetween(linesOf(from), linesOf(to), minus, plus)]
  }
  return [
    ...(from === undefined ? [] : [minus(`${field}: ${printValue(from)}`)]),
    ...(to === undefined ? [] : [plus(`${field}: ${printValue(to)}`)]),
  ]
}

/** Of two long texts, what lies between their common beginning and end. */
function linesBetween(
  from: readonly string[],
  to: readonly string[],
  minus: (line: string) => string,
  plus: (line: string) => string,
): string[] {
  let head = 0
  while (head < from.length && head < to.length && from[head] === to[head]) head++
  let tail = 0
  const most = Math.min(from.length, to.length) - head
  while (tail < most && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++
  return [
    ...from.slice(Math.max(0, head - CONTEXT), head).map((line) => `  ${line}`),
    ...from.slice(head, from.length - tail).map(minus),
    ...to.slice(head, to.length - tail).map(plus),
    ...to.slice(to.length - tail, to.length - tail + CONTEXT).map((line) => `  ${line}`),
  ]
}

function linesOf(text: string): string[] {
  return printText(text).split('\n')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
