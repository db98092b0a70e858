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
import { insert, isAt, own, search, WIDTH } from './sorted.js'

/** Adds an element. Whether that showed. */
export function addElement(cells: unknown[], at: number, element: Value, origin: Origin, index: number): boolean {
  const flat = (cells[at] ?? []) as unknown[]
  const stood = hasElement(cells, at, element)
  let where = search(flat, element, index)
  for (; flat[where + 2] === index && isAt(flat, where, element); where += WIDTH) {
    if (flat[where + 1] === origin) return false
    if (flat[where + 1] === origin.id) {
      own(cells, at).splice(where, WIDTH)
      return false
    }
  }
  insert(cells, at, where, [element, origin, index])
  return !stood
}

/** Takes adds of one element back, as the value of a `remove` names them; what is not of that form is passed over. Whether that showed. */
export function removeElement(cells: unknown[], at: number, value: Value, origin: Origin): boolean {
  if (!Array.isArray(value) || value.length !== 2 || !Array.isArray(value[1])) return false
  const [element, tags] = value as [Value, unknown[]]
  const stood = hasElement(cells, at, element)
  for (const tag of tags) {
    if (!Array.isArray(tag) || tag.length !== 2) continue
    const [commit, index] = tag as unknown[]
    if (!Number.isSafeInteger(index) || !(commit === null || (isBytes(commit) && commit.length === 32))) continue
    removeTag(cells, at, element, commit === null ? origin : toHex(commit), index as number)
  }
  return stood && !hasElement(cells, at, element)
}

function removeTag(cells: unknown[], at: number, element: Value, commit: Origin | string, index: number): void {
  const flat = (cells[at] ?? []) as unknown[]
  let where = search(flat, element, index)
  for (; flat[where + 2] === index && isAt(flat, where, element); where += WIDTH) {
    const tag = flat[where + 1] as Origin | string
    if (tag === commit || (typeof tag === 'object' && tag.id === commit)) {
      if (typeof tag === 'object') own(cells, at).splice(where, WIDTH)
      return
    }
  }
  // A commit's own adds come before the removes that name them, or never.
  if (typeof commit === 'string') insert(cells, at, where, [element, commit, index])
}

/** Whether an add of the element stands. */
export function hasElement(cells: readonly unknown[], at: number, element: Value): boolean {
  const flat = (cells[at] ?? []) as unknown[]
  for (let where = search(flat, element); isAt(flat, where, element); where += WIDTH) {
    if (typeof flat[where + 1] === 'object') return true
  }
  return false
}

/** The adds of an element that stand: origin and index, by turns. */
export function tagsOf(cells: readonly unknown[], at: number, element: Value): [Origin, number][] {
  const flat = (cells[at] ?? []) as unknown[]
  const tags: [Origin, number][] = []
  for (let where = search(flat, element); isAt(flat, where, element); where += WIDTH) {
    if (typeof flat[where + 1] === 'object') tags.push([flat[where + 1] as Origin, flat[where + 2] as number])
  }
  return tags
}

/** The elements in their canonical order. */
export function elementsOf(cells: readonly unknown[], at: number): Value[] {
  const flat = (cells[at] ?? []) as unknown[]
  const elements: Value[] = []
  for (let where = 0; where < flat.length; where += WIDTH) {
    if (typeof flat[where + 1] !== 'object') continue
    const element = flat[where] as Value
    // The same element again stands right behind, apart perhaps from what is not an add.
    if (elements.length === 0 || !isAt(elements, elements.length - 1, element)) elements.push(element)
  }
  return elements
}
