/** `ibex show`: actions with what they did; or, as `git show <revision>:<path>` does it, items as they were. */
import type { Moment } from '../history/moment.js'
import type { AnySchema, AnySnapshot } from '../schema/schema.js'
import type { DateStyle } from './dates.js'
import { FINE, type Io } from './io.js'
import { findItem } from './item-name.js'
import { plainEntry } from './log.js'
import { type Paint, painter } from './paint.js'
import { entryChanges, entryHead, type EntryStyle } from './print-entry.js'
import { printText, printValue, stringify } from './print-value.js'
import { createRevisions } from './revision.js'
import { stateAt } from './state.js'
import type { Target, TargetOptions } from './replica-target.js'
import { withTarget } from './target.js'

export interface ShowOptions extends TargetOptions {
  readonly date: DateStyle
  readonly json?: boolean | undefined
  readonly color?: string | boolean | undefined
}

/** Each of `what`: actions, `<moment>:` for all items, `<moment>:task` for those of a schema, `<moment>:task/t-42`. */
export function show(io: Io, what: readonly string[], options: ShowOptions): Promise<number> {
  return withTarget(io, options, (target) => {
    const { history, opened } = target
    const revisions = createRevisions(history, opened.journal.graph, io.now())
    const paint = painter(io, options.color)
    const style: EntryStyle = { paint, revisions, date: options.date, now: io.now() }
    let first = true
    for (const text of what.length > 0 ? what : ['@']) {
      // The name of a time may hold colons.
      const [, at, named] = /^((?:[^{:]|\{[^}]*\})*):(.*)$/s.exec(text) ?? []
      if (at !== undefined) {
        showItems(io, target, revisions.moment(at || '@'), named ?? '', paint, options.json)
        continue
      }
      for (const entry of revisions.actions(text)) {
        if (options.json) {
          io.out(stringify(plainEntry(entry, true)))
          continue
        }
        if (!first) io.out('')
        first = false
        for (const line of [...entryHead(entry, style), ...entryChanges(entry, style)]) io.out(line)
      }
    }
    return FINE
  })
}

function showItems(io: Io, target: Target, at: Moment, named: string, paint: Paint, json: boolean | undefined): void {
  for (const [schema, snapshot] of itemsAt(target, at, named)) {
    if (json) {
      io.out(stringify({ $schema: schema.name, ...snapshot }))
      continue
    }
    io.out(paint('head', `${printText(schema.name)} ${snapshot.$id}`))
    for (const name of schema.names) {
      if (snapshot[name] !== undefined) io.out(`  ${printText(name)}: ${printValue(snapshot[name])}`)
    }
  }
}

/** By schemas and ids. `named`: nothing for all, a schema, or an item. */
function itemsAt(target: Target, at: Moment, named: string): [AnySchema, AnySnapshot][] {
  const { history, opened, schemas } = target
  const whole = schemas.find(({ name }) => name === named)
  if (named !== '' && !whole) {
    const { schema, id } = findItem(named, opened.repository.state, schemas)
    const snapshot = history.get(schema, id, at)
    return snapshot ? [[schema, snapshot]] : []
  }
  const shown = Object.entries(stateAt(target, at)).filter(([name]) => !whole || name === whole.name)
  return shown.flatMap(([name, items]) =>
    items.map((snapshot): [AnySchema, AnySnapshot] => [schemas.find((schema) => schema.name === name)!, snapshot]),
  )
}
