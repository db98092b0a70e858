/**
 * Actions that say by their label what they are to another one. Nothing else records it, so that what was undone is known
 * after a reload, and on every device.
 * ```
 * undo <lane>/<flush>/<action> …     redo <lane>/<flush>/<action> …     more <flush>/<action>
 * ```
 * Lane and flush name an action before it is in a commit, and still when its commit was made anew. Of several the first is
 * meant; the others had no effect by themselves, and went with it. `more` continues an action of the same lane that did not
 * fit into one commit. Apps cannot give such labels.
 */
import type { Lane } from '../ids.js'

/** An action by its flush. */
export interface FlushAction {
  readonly lane: Lane | ''
  readonly flush: number
  readonly action: number
}

/** What such a label says. */
export type LabelMark =
  | { readonly kind: 'undo' | 'redo'; readonly targets: readonly FlushAction[] }
  | { readonly kind: 'more'; readonly flush: number; readonly action: number }

const NAME = '[0-9a-f]{16}/\\d{1,15}/\\d{1,9}'
const UNDO = new RegExp(`^(?:undo|redo)(?: ${NAME})+$`)
const MORE = /^more (\d{1,15})\/(\d{1,9})$/
/** So many names at most fit into a label. */
export const MAX_TARGETS = 30

export function readLabel(label: string): LabelMark | undefined {
  if (UNDO.test(label)) {
    const [kind, ...names] = label.split(' ')
    const targets = names.map((name): FlushAction => {
      const [lane, flush, action] = name.split('/')
      return { lane: lane as Lane, flush: Number(flush), action: Number(action) }
    })
    return { kind: kind as 'undo' | 'redo', targets }
  }
  const [, of, first] = MORE.exec(label) ?? []
  return of === undefined ? undefined : { kind: 'more', flush: Number(of), action: Number(first) }
}

export function undoLabel(kind: 'undo' | 'redo', targets: readonly FlushAction[]): string {
  const names = targets.slice(0, MAX_TARGETS).map(({ lane, flush, action }) => `${lane}/${flush}/${action}`)
  return [kind, ...names].join(' ')
}

export function moreLabel(flush: number, action: number): string {
  return `more ${flush}/${action}`
}
