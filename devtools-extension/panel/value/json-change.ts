/** What differs between two values of a JSON field: by the paths of what is not the same. */
import { isDate } from './value.js'

export interface PathChange {
  /** As one writes it in code: `size.width`, `rows[2].done`. */
  readonly path: string
  readonly from: unknown
  readonly to: unknown
}

/** Comparing more takes longer than one waits for. */
const MOST_COMPARED = 2000

type Branch = Readonly<Record<string, unknown>> | readonly unknown[]

/**
 * In the order of the later value, and what went last. Undefined where nothing would be gained by it: where either is no object
 * or list, nothing of one is in the other, or both are very large.
 */
export function changedPaths(from: unknown, to: unknown): PathChange[] | undefined {
  if (!areAlike(from, to)) return undefined
  const changes: PathChange[] = []
  let kept = 0
  let compared = 0
  const compare = (before: Branch, after: Branch, path: string): void => {
    const old = new Map(Object.entries(before))
    const now = new Map(Object.entries(after))
    for (const key of new Set([...now.keys(), ...old.keys()])) {
      if (++compared > MOST_COMPARED) return
      const [a, b] = [old.get(key), now.get(key)]
      const next = Array.isArray(after) ? `${path}[${key}]` : nameOf(path, key)
      if (areAlike(a, b)) compare(a as Branch, b as Branch, next)
      else if (isSame(a, b)) kept++
      else changes.push({ path: next, from: a, to: b })
    }
  }
  compare(from as Branch, to as Branch, '')
  return kept > 0 && changes.length > 0 && compared <= MOST_COMPARED ? changes : undefined
}

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null && !isDate(value) && !ArrayBuffer.isView(value)
}

/** Of a list that grew or shrank, places say nothing. */
function areAlike(a: unknown, b: unknown): boolean {
  if (!isBranch(a) || !isBranch(b)) return false
  return Array.isArray(a) ? Array.isArray(b) && a.length === b.length : !Array.isArray(b)
}

const isSame = (a: unknown, b: unknown): boolean => Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b)

function nameOf(path: string, key: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}
