/**
 * Actions that say by their label what they are to another one. Nothing else records it, so that what was undone is known
 * after a reload, and on every device.
 * ```
 * undo <lane>/<flush>/<action>     redo <lane>/<flush>/<action>     more <flush>/<action>
 * ```
 * Lane and flush name an action before it is in a commit, and still when its commit was made anew. `more` continues an action
 * of the same lane that did not fit into one commit. Apps cannot give such labels.
 */
import type { Lane } from '../ids.js'

/** What such a label says. */
export type LabelMark =
  | { readonly kind: 'undo' | 'redo'; readonly lane: Lane; readonly flush: number; readonly action: number }
  | { readonly kind: 'more'; readonly flush: number; readonly action: number }

const UNDO = /^(undo|redo) ([0-9a-f]{16})\/(\d{1,15})\/(\d{1,9})$/
const MORE = /^more (\d{1,15})\/(\d{1,9})$/

export function readLabel(label: string): LabelMark | undefined {
  const [, kind, lane, flush, action] = UNDO.exec(label) ?? []
  if (kind !== undefined) {
    return { kind: kind as 'undo' | 'redo', lane: lane as Lane, flush: Number(flush), action: Number(action) }
  }
  const [, of, first] = MORE.exec(label) ?? []
  return of === undefined ? undefined : { kind: 'more', flush: Number(of), action: Number(first) }
}

export function undoLabel(kind: 'undo' | 'redo', lane: Lane | '', flush: number, action: number): string {
  return `${kind} ${lane}/${flush}/${action}`
}

export function moreLabel(flush: number, action: number): string {
  return `more ${flush}/${action}`
}
