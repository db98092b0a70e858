/** `ibex log`: what happened, newest first. */
import { frontierOf } from '../graph/ancestry.js'
import { IbexError } from '../errors.js'
import type { CommitId } from '../ids.js'
import type { Standing } from '../history/deed.js'
import type { TimelineEntry, TimelineFilter } from '../store/history/face.js'
import { type DateStyle, parseTime } from './dates.js'
import { drawGraph } from './graph-lines.js'
import { FINE, type Io } from './io.js'
import { findItem } from './item-name.js'
import { type Paint, painter } from './paint.js'
import { type EntryStyle, entryChanges, entryHead, entryLine, touchedText } from './print-entry.js'
import { stringify } from './print-value.js'
import { createRevisions, type Range } from './revision.js'
import type { Target, TargetOptions } from './replica-target.js'
import { withTarget } from './target.js'

export interface LogOptions extends TargetOptions {
  readonly maxCount?: number | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly author?: string | undefined
  readonly grep?: string | undefined
  readonly label?: string | undefined
  readonly schema?: string | undefined
  readonly item?: string | undefined
  readonly field?: string | undefined
  readonly standing?: Standing | undefined
  readonly joins?: boolean | undefined
  readonly oneline?: boolean | undefined
  readonly graph?: boolean | undefined
  readonly patch?: boolean | undefined
  readonly reverse?: boolean | undefined
  readonly date: DateStyle
  readonly json?: boolean | undefined
  readonly color?: string | boolean | undefined
}

/** Entries that are looked at in one go. */
const PORTION = 500

export function log(io: Io, range: string | undefined, options: LogOptions): Promise<number> {
  if (options.graph && (options.reverse || options.json)) {
    throw new IbexError('bad-option', '--graph can be drawn neither in reverse nor as JSON.')
  }
  return withTarget(io, options, (target) => {
    const paint = painter(io, options.color)
    const revisions = createRevisions(target.history, target.opened.journal.graph, io.now())
    const style: EntryStyle = { paint, revisions, date: options.date, now: io.now() }
    const found = entries(io, target, revisions.range(range), options)
    const lines = (entry: TimelineEntry): string[] => describe(entry, options, style)
    if (options.json) {
      for (const entry of ordered(found, options)) io.out(stringify(plainEntry(entry, options.patch)))
    } else if (options.graph)
      drawLog(io, target, [...found], (entry) => [...lines(entry), ...(options.oneline ? [] : [''])], paint)
    else {
      let first = true
      for (const entry of ordered(found, options)) {
        if (!first && !options.oneline) io.out('')
        first = false
        for (const line of lines(entry)) io.out(line)
      }
    }
    return FINE
  })
}

/** An action as other programs get it. */
export function plainEntry(entry: TimelineEntry, withChanges: boolean = false): object {
  const { changes, ...rest } = entry
  return withChanges ? { ...rest, changes: changes() } : rest
}

function describe(entry: TimelineEntry, { oneline, patch }: LogOptions, style: EntryStyle): string[] {
  const changes = patch ? entryChanges(entry, style) : []
  if (oneline) return [entryLine(entry, style), ...changes]
  const head = entryHead(entry, style)
  if (patch) return [...head, ...changes]
  return entry.items.length > 0 ? [...head, style.paint('dim', `    ${touchedText(entry.items)}`)] : head.slice(0, -1)
}

/** Those that fit, newest first. */
function* entries(
  io: Io,
  { history, opened, schemas }: Target,
  range: Range,
  options: LogOptions,
): Iterable<TimelineEntry> {
  const { maxCount = Number.POSITIVE_INFINITY, author, item } = options
  const named = item === undefined ? undefined : findItem(item, opened.repository.state, schemas)
  const since = timeOf(io, '--since', options.since) ?? Number.NEGATIVE_INFINITY
  const until = timeOf(io, '--until', options.until) ?? Number.POSITIVE_INFINITY
  const filter: TimelineFilter = {
    schema: named?.schema.name ?? options.schema,
    item: named?.id,
    field: options.field,
    label: options.label,
    text: options.grep,
    standing: options.standing,
    joins: options.joins,
    since: range.from,
    until: range.to,
  }
  const timeline = history.timeline(filter)
  let left = maxCount
  for (let to = timeline.count; to > 0 && left > 0; to -= PORTION) {
    for (const entry of timeline.slice(Math.max(0, to - PORTION), to).toReversed()) {
      if (entry.at < since || entry.at > until || !isBy(entry, author)) continue
      if (left-- <= 0) return
      yield entry
    }
  }
}

function timeOf(io: Io, option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const time = parseTime(text, io.now())
  if (time === undefined) {
    throw new IbexError('bad-option', `${option}: '${text}' is no time. Write 2026-11-22 14:00, or 2 hours ago.`)
  }
  return time
}

/** By a part of the name, as Git has it, or the beginning of the session. */
function isBy({ by, session }: TimelineEntry, author: string | undefined): boolean {
  return author === undefined || by.toLowerCase().includes(author.toLowerCase()) || session.startsWith(author)
}

function ordered(found: Iterable<TimelineEntry>, { reverse }: LogOptions): Iterable<TimelineEntry> {
  return reverse ? [...found].reverse() : found
}

/** With the graph beside it: where commits between are not shown, lines lead to the next that are. */
function drawLog(
  io: Io,
  { opened }: Target,
  found: readonly TimelineEntry[],
  lines: (entry: TimelineEntry) => string[],
  paint: Paint,
): void {
  const { graph } = opened.journal
  const shown = new Map<string, TimelineEntry[]>()
  for (const entry of found.toReversed()) {
    const commit = entry.commit ?? ''
    shown.set(commit, [...(shown.get(commit) ?? []), entry])
  }
  /** By the local number of a commit: the commits that stand for it, itself or those below. */
  const standing: CommitId[][] = []
  const below = (n: number): CommitId[] => {
    const commits = new Set<CommitId>()
    graph.eachParent(n, (parent) => standing[parent]!.forEach((id) => commits.add(id)))
    return commits.size > 1 ? frontierOf(graph, commits) : [...commits]
  }
  for (let n = 0; n < graph.size; n++) standing.push(shown.has(graph.idAt(n)) ? [graph.idAt(n)] : below(n))
  const rows = new Map(found.map((entry, row) => [entry, row]))
  const nodes = found.map((entry) => {
    const commit = entry.commit ?? ''
    const own = shown.get(commit)!
    const before = own[own.indexOf(entry) - 1]
    const parents = before
      ? [before]
      : below(graph.numberOf(commit as CommitId)).map((parent) => shown.get(parent)!.at(-1)!)
    // What comes next goes straight on.
    parents.sort((a, b) => rows.get(a)! - rows.get(b)!)
    return { id: entry.key, parents: parents.map(({ key }) => key), lines: lines(entry) }
  })
  for (const line of drawGraph(nodes, paint.column)) io.out(line)
}
