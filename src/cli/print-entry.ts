/** Actions as `git log` shows commits. */
import type { FieldChange } from '../history/changes.js'
import type { TimelineEntry, TouchedItem } from '../store/history/face.js'
import { type DateStyle, formatTime } from './dates.js'
import type { Paint } from './paint.js'
import { printDifference, printText } from './print-value.js'
import type { Revisions } from './revision.js'

/** Items that are named on one line. */
const NAMED = 3

export interface EntryStyle {
  readonly paint: Paint
  readonly revisions: Revisions
  readonly date: DateStyle
  /** Milliseconds since 1970. */
  readonly now: number
}

/** On one line. */
export function entryLine(entry: TimelineEntry, { paint, revisions }: EntryStyle): string {
  const touched = paint('dim', touchedText(entry.items))
  const label = entry.label === undefined ? '' : printText(entry.label).split('\n', 1)[0]!
  return [paint('id', revisions.nameOf(entry)), standingOf(entry, paint), label, entry.kind === 'action' ? touched : '']
    .filter(Boolean)
    .join(' ')
}

/** With everything but what it changed. */
export function entryHead(entry: TimelineEntry, { paint, date, now }: EntryStyle): string[] {
  const { id, kind, by, session, at } = entry
  const author = by === session ? `session ${session}` : `${printText(by)} (session ${session.slice(0, 8)})`
  return [
    [paint('id', `${kind} ${kind === 'action' ? id : entry.commit}`), standingOf(entry, paint)]
      .filter(Boolean)
      .join(' '),
    `Author: ${author}`,
    `Date:   ${formatTime(at, date, now)}`,
    '',
    ...(entry.label === undefined
      ? []
      : [
          ...printText(entry.label)
            .split('\n')
            .map((line) => `    ${line}`),
          '',
        ]),
  ]
}

/** What it did to each field, item by item. */
export function entryChanges(entry: TimelineEntry, { paint }: EntryStyle): string[] {
  const changes = entry.changes()
  return entry.items.flatMap(({ schema, id, did }) => [
    `${paint('head', `${printText(schema)} ${id}`)}${did === 'update' ? '' : ` ${paint('note', `(${DONE[did]})`)}`}`,
    ...changes
      .filter((change) => change.schema === schema && change.id === id && change.field !== '')
      .flatMap((change) => changeLines(change, paint)),
  ])
}

function changeLines({ field, key, from, to }: FieldChange, paint: Paint): string[] {
  return printDifference(paint, key === undefined ? field : `${field}.${key}`, from, to)
}

const DONE: Readonly<Record<TouchedItem['did'], string>> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  restore: 'restored',
}

/** `task t-42: title, done; create note n-1; … 3 more` */
export function touchedText(items: readonly TouchedItem[]): string {
  const named = items.slice(0, NAMED).map(({ schema, id, did, fields }) => {
    const verb = did === 'update' ? '' : `${did} `
    const what = did === 'create' || fields.length === 0 ? '' : `: ${fields.map(printText).join(', ')}`
    return `${verb}${printText(schema)} ${id}${what}`
  })
  if (items.length > NAMED) named.push(`… ${items.length - NAMED} more`)
  return named.join('; ')
}

function standingOf({ standing, kind, undone }: TimelineEntry, paint: Paint): string {
  const words = [standing === 'accepted' ? '' : standing, kind === 'action' ? '' : kind, undone ? 'undone' : '']
  const said = words.filter(Boolean).join(', ')
  return said && paint('note', `(${said})`)
}
