/** From the actions that touched an issue to the lines that are told of it. */
import type { FieldChange, TimelineEntry } from 'ibex-state'

export interface StoryLine {
  /** Of its oldest action: a line that grows stays the same one. */
  readonly key: string
  /** Newest first; several only of what somebody typed in one go. */
  readonly entries: readonly TimelineEntry[]
  /** What they did to the issue altogether. */
  readonly changes: readonly FieldChange[]
}

/** Letters that follow each other within so many milliseconds were typed in one go. */
const PAUSE = 60_000

/** Fields that are written at each letter. */
const TYPED: ReadonlySet<string> = new Set(['title', 'description'])

/** The field that an action wrote a letter of, or took one back, if that is all it did. */
export function typedField({ items }: TimelineEntry): string | undefined {
  const [item, ...others] = items
  if (!item || others.length > 0 || item.did !== 'update' || item.fields.length !== 1) return undefined
  return TYPED.has(item.fields[0]!) ? item.fields[0] : undefined
}

/** Whether two actions, one after the other, are one to whom they happen: letters of one text. */
export function isOneGo(newer: TimelineEntry, older: TimelineEntry): boolean {
  const field = typedField(older)
  return (
    field !== undefined &&
    field === typedField(newer) &&
    newer.items[0]!.id === older.items[0]!.id &&
    newer.by === older.by &&
    newer.label === older.label &&
    newer.undone === older.undone &&
    newer.at - older.at <= PAUSE
  )
}

const changesOf = new WeakMap<TimelineEntry, readonly FieldChange[]>()

/** What an action did to an issue. */
export function changesIn(entry: TimelineEntry, id: string): readonly FieldChange[] {
  let changes = changesOf.get(entry)
  if (!changes) changesOf.set(entry, (changes = entry.changes()))
  return changes.filter((change) => change.id === id)
}

/** The story of an issue, newest first, of the actions that touched it, newest first. */
export function storyOf(entries: readonly TimelineEntry[], id: string): readonly StoryLine[] {
  const groups: TimelineEntry[][] = []
  for (const entry of entries) {
    const group = groups.at(-1)
    if (group && isOneGo(group.at(-1)!, entry)) group.push(entry)
    else groups.push([entry])
  }
  return groups.map((group) => ({ key: group.at(-1)!.key, entries: group, changes: merged(group, id) }))
}

function merged(group: readonly TimelineEntry[], id: string): readonly FieldChange[] {
  const last = changesIn(group[0]!, id)
  // What something was made with needs no words of its own.
  const born = last.find(({ did }) => did === 'create')
  if (born) return [born]
  if (group.length === 1) return last
  const [first] = changesIn(group.at(-1)!, id)
  return last.map((change) => ({ ...change, from: first?.from }))
}
