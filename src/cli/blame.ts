/** `ibex blame`: who wrote what an item's fields hold. */
import { IbexError } from '../errors.js'
import type { Blame, FieldBlame } from '../store/history/face.js'
import { type DateStyle, formatTime } from './dates.js'
import { FINE, type Io } from './io.js'
import { findItem } from './item-name.js'
import { painter } from './paint.js'
import { printText, printValue, stringify } from './print-value.js'
import { createRevisions } from './revision.js'
import type { TargetOptions } from './replica-target.js'
import { withTarget } from './target.js'

export interface BlameOptions extends TargetOptions {
  readonly at?: string | undefined
  readonly date: DateStyle
  readonly json?: boolean | undefined
  readonly color?: string | boolean | undefined
}

interface Line {
  readonly field: string
  readonly value: unknown
  readonly blame: Blame
}

export function blame(io: Io, name: string, field: string | undefined, options: BlameOptions): Promise<number> {
  return withTarget(io, options, ({ history, opened, schemas }) => {
    const revisions = createRevisions(history, opened.journal.graph, io.now())
    const { schema, id } = findItem(name, opened.repository.state, schemas)
    if (field !== undefined && !Object.hasOwn(schema.fields, field)) {
      throw new IbexError('bad-option', `A ${schema.name} has no field '${field}'. It has ${schema.names.join(', ')}.`)
    }
    const at = options.at === undefined ? history.now() : revisions.moment(options.at)
    const snapshot = history.get(schema, id, at) as Readonly<Record<string, unknown>> | undefined
    const found = history.blame(schema, id, { at })
    const lines: Line[] = []
    for (const key of field === undefined ? schema.names : [field]) {
      const whole = (found as Readonly<Record<string, FieldBlame | undefined>>)[key]
      if (!whole) continue
      // Of what consists of parts, each has its own author.
      if (whole.parts) for (const part of whole.parts) lines.push({ field: key, value: part.part, blame: part })
      else lines.push({ field: key, value: snapshot?.[key], blame: whole })
    }
    if (options.json) {
      for (const { blame: by, ...line } of lines) io.out(stringify({ schema: schema.name, id, ...line, ...by }))
      return FINE
    }
    const { $exists } = found
    if ($exists && field === undefined) {
      lines.push({ field: snapshot ? '(exists)' : '(deleted)', value: undefined, blame: $exists })
    }
    const paint = painter(io, options.color)
    const names = lines.map(({ blame: { action } }) => (action ? revisions.nameOf(history.entry(action)) : '^'))
    const authors = lines.map(({ blame: { by, session } }) => (by === session ? session.slice(0, 8) : printText(by)))
    const width = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length))
    for (const [i, { field: key, value, blame: by }] of lines.entries()) {
      const who = `${authors[i]!.padEnd(width(authors))} ${formatTime(by.at, options.date, io.now())}`
      const what = key.startsWith('(') ? key : `${printText(key)}: ${printValue(value)}`
      const doubt = by.standing === 'accepted' ? '' : paint('note', ` (${by.standing})`)
      io.out(`${paint('id', names[i]!.padEnd(width(names)))} ${paint('dim', `(${who})`)} ${what}${doubt}`)
    }
    return FINE
  })
}
