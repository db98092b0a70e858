/**
 * Observed-remove sets, after Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data Types"
 * (2011). Every add is named by its stamp, its tag; a remove takes back the adds that its author had seen, by their tags,
 * and so an add that it had not seen survives. First cell: records of element, origin and index of each add that stands,
 * ascending by element and index.
 *
 * A remove may come before the add that it names. Then it leaves a record with the commit's id in place of an origin, on
 * which the add is spent. Such records are no part of the state: once all commits below a frontier are folded none of
 * them means anything.
 */
import { toHex } from '../../ids.js'
import type { Value } from '../../value/value.js'
import { isBytes } from '../../value/value.js'
import type { Origin } from '../origin.js'
import { isAt, recordsOf, replace, search, WIDTH } from './sorted.js'

/** An add that stands: element, origin, index. */
export type Add = readonly [Value, Origin, number]

/** Adds an element. Whether that may have showed. */
export function addElement(cells: unknown[], at: number, element: Value, origin: Origin, index: number): boolean {
  const where = findTag(cells, at, element, origin.id, index)
  if (where < 0) replace(cells, at, ~where, 0, [element, origin, index])
  // Spent on a remove that was here before it; or here itself, which a second chunk of the commit could contrive.
  else if (typeof tagAt(cells, at, where) === 'string') replace(cells, at, where, WIDTH)
  return where < 0
}

/** Takes adds of one element back, as the value of a `remove` names them; what makes no sense is passed over. Whether that may have showed. */
export function removeElement(cells: unknown[], at: number, value: Value, origin: Origin): boolean {
  const [element, tags] = Array.isArray(value) ? (value as Value[]) : []
  if (element === undefined || !Array.isArray(tags)) return false
  let shows = false
  for (const tag of tags as readonly Value[]) {
    const [commit, index] = Array.isArray(tag) ? (tag as Value[]) : []
    if (typeof index !== 'number' || !(commit === null || (isBytes(commit) && commit.length === 32))) continue
    const id = commit ? toHex(commit) : origin.id
    const where = findTag(cells, at, element, id, index)
    if (where < 0) {
      // A commit's own adds come before the removes that name them, or never.
      if (commit) replace(cells, at, ~where, 0, [element, id, index])
    } else if (typeof tagAt(cells, at, where) === 'object') {
      replace(cells, at, where, WIDTH)
      shows = true
    }
  }
  return shows
}

/** Where the record of an add is; if it is not there, the complement of where it belongs. */
function findTag(cells: readonly unknown[], at: number, element: Value, id: string, index: number): number {
  const flat = recordsOf(cells, at)
  let where = search(flat, element, index)
  for (; flat[where + 2] === index && isAt(flat, where, element); where += WIDTH) {
    const tag = flat[where + 1] as Origin | string
    if ((typeof tag === 'string' ? tag : tag.id) === id) return where
  }
  return ~where
}

function tagAt(cells: readonly unknown[], at: number, where: number): unknown {
  return recordsOf(cells, at)[where + 1]
}

/** The adds that stand, ascending by element and index. */
export function addsOf(cells: readonly unknown[], at: number): Add[] {
  const flat = recordsOf(cells, at)
  const adds: Add[] = []
  for (let where = 0; where < flat.length; where += WIDTH) {
    if (typeof flat[where + 1] === 'object') adds.push(flat.slice(where, where + WIDTH) as unknown as Add)
  }
  return adds
}

/** The elements in their canonical order. */
export function elementsOf(cells: readonly unknown[], at: number): Value[] {
  const flat = recordsOf(cells, at)
  const elements: Value[] = []
  for (let where = 0; where < flat.length; where += WIDTH) {
    const element = flat[where] as Value
    const stands = typeof flat[where + 1] === 'object'
    // The same element again stands right behind.
    if (stands && (elements.length === 0 || !isAt(elements, elements.length - 1, element))) elements.push(element)
  }
  return elements
}
