/** `ibex diff`: what is different between two moments. */
import { IbexError } from '../errors.js'
import type { ItemDifference } from '../store/history/face.js'
import { FINE, FOUND, type Io } from './io.js'
import { findItem } from './item-name.js'
import { type Paint, painter } from './paint.js'
import { printDifference, printText, stringify } from './print-value.js'
import { createRevisions } from './revision.js'
import type { TargetOptions } from './replica-target.js'
import { withTarget } from './target.js'

export interface DiffOptions extends TargetOptions {
  readonly schema?: string | undefined
  readonly item?: readonly string[] | undefined
  readonly nameOnly?: boolean | undefined
  readonly stat?: boolean | undefined
  readonly json?: boolean | undefined
  readonly color?: string | boolean | undefined
}

/** `ends`: none (the newest action), one (from there to now), two, or `A..B`. */
export function diff(io: Io, ends: readonly string[], options: DiffOptions): Promise<number> {
  if (ends.length > 2) throw new IbexError('bad-option', 'Two moments at most: ibex diff <from> <to>.')
  return withTarget(io, options, ({ history, opened, schemas }) => {
    const revisions = createRevisions(history, opened.journal.graph, io.now())
    const [first = '@~1..@', second] = ends
    const [from = 'start', to = '@'] =
      second === undefined && first.includes('..') ? first.split('..').map((end) => end || undefined) : [first, second]
    const items = options.item?.map((text) => findItem(text, opened.repository.state, schemas).id)
    const found = history.diff(revisions.moment(from), revisions.moment(to), { schema: options.schema, items })
    const paint = painter(io, options.color)
    if (options.json) for (const difference of found) io.out(stringify(difference))
    else if (options.nameOnly) for (const { schema, id } of found) io.out(`${printText(schema)}/${id}`)
    else if (options.stat) printStat(io, paint, found)
    else for (const difference of found) printItem(io, paint, difference)
    return found.length > 0 ? FOUND : FINE
  })
}

function printItem(io: Io, paint: Paint, { schema, id, change, fields }: ItemDifference): void {
  io.out(
    `${paint('head', `${printText(schema)} ${id}`)}${change === 'updated' ? '' : ` ${paint('note', `(${change})`)}`}`,
  )
  for (const { field, from, to } of fields) for (const line of printDifference(paint, field, from, to)) io.out(line)
}

function printStat(io: Io, paint: Paint, found: readonly ItemDifference[]): void {
  const names = found.map(({ schema, id }) => `${printText(schema)} ${id}`)
  const width = Math.max(0, ...names.map((name) => name.length))
  for (const [i, { change, fields }] of found.entries()) {
    const what = change === 'updated' ? `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}` : change
    const style = change === 'created' ? 'added' : change === 'deleted' ? 'removed' : 'note'
    io.out(` ${names[i]!.padEnd(width)} | ${paint(style, what)}`)
  }
  const count = (change: string): number => found.filter((difference) => difference.change === change).length
  if (found.length > 0) {
    io.out(` ${count('created')} created, ${count('updated')} updated, ${count('deleted')} deleted`)
  }
}
