/** A query's condition and order as people write them: `done = false and votes > 3`. Data that came from a page is not trusted. */
import type { QueryAbout } from '../../../src/inspect/topics.js'

const SIGNS: Readonly<Record<string, string>> = {
  eq: '=',
  lt: '<',
  lte: '≤',
  gt: '>',
  gte: '≥',
  in: 'in',
  startsWith: 'starts with',
  contains: 'contains',
  has: 'has',
}
const NEGATED: Readonly<Record<string, string>> = { eq: '≠', in: 'not in', exists: 'is missing' }

/** `all`: no condition. */
export function conditionText(where: unknown): string {
  return textOf(where, false)
}

export interface ConditionLine {
  readonly depth: number
  readonly text: string
}

/** The same, a line for each part. */
export function conditionLines(where: unknown): readonly ConditionLine[] {
  const lines: ConditionLine[] = []
  const add = (part: unknown, depth: number, joint: string): void => {
    const { op, of } = (part ?? {}) as Readonly<Record<string, unknown>>
    const parts = (op === 'and' || op === 'or') && Array.isArray(of) ? (of as unknown[]) : []
    if (parts.length === 0) lines.push({ depth, text: joint + textOf(part, false) })
    else if (depth === 0 && joint === '') parts.forEach((each, i) => add(each, 0, i === 0 ? '' : `${String(op)} `))
    else {
      lines.push({ depth, text: `${joint}(` })
      parts.forEach((each, i) => add(each, depth + 1, i === 0 ? '' : `${String(op)} `))
      lines.push({ depth, text: ')' })
    }
  }
  add(where, 0, '')
  return lines
}

function textOf(where: unknown, nested: boolean): string {
  const { op, of, field, value } = (where ?? {}) as Readonly<Record<string, unknown>>
  const parts = Array.isArray(of) ? (of as unknown[]) : []
  if (op === 'and' && parts.length === 0) return 'all'
  if (op === 'or' && parts.length === 0) return 'none'
  if (op === 'and' || op === 'or') {
    const text = parts.map((part) => textOf(part, true)).join(` ${op} `)
    return nested ? `(${text})` : text
  }
  if (op === 'not') return negation(parts[0])
  if (op === 'exists') return `${String(field)} is there`
  return `${String(field)} ${SIGNS[String(op)] ?? String(op)} ${JSON.stringify(value)}`
}

function negation(inner: unknown): string {
  const { op, field, value } = (inner ?? {}) as Readonly<Record<string, unknown>>
  const sign = NEGATED[String(op)]
  if (sign === undefined) return `not (${textOf(inner, false)})`
  return op === 'exists' ? `${String(field)} ${sign}` : `${String(field)} ${sign} ${JSON.stringify(value)}`
}

/** `by title, votes ↓, first 50 from 100` */
export function orderText({ orderBy, limit, offset }: Pick<QueryAbout, 'orderBy' | 'limit' | 'offset'>): string {
  const order = orderBy.map(([field, direction]) => (direction === 'desc' ? `${field} ↓` : field)).join(', ')
  const parts = [
    order && `by ${order}`,
    limit === null ? '' : `first ${limit}`,
    offset > 0 ? `from ${offset}` : '',
  ].filter(Boolean)
  return parts.join(', ')
}
