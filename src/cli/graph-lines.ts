/**
 * Draws a graph of commits beside their lines, newest first, each with lines to its parents:
 * ```
 * ●    join
 * ├─╮
 * │ ●  what one wrote
 * ●─╯  …
 * ```
 * A column belongs to the parent that is awaited in it; each parent is awaited in one column only.
 */

export interface GraphNode {
  readonly id: string
  /** Each comes later in the list. */
  readonly parents: readonly string[]
  readonly lines: readonly string[]
}

/** What is drawn in one column of one line: the character itself, and the one to the right of it. */
type Paint = (text: string, column: number) => string

/** Every line of the drawing, text included. `paint` colours what is drawn in a column. */
export function* drawGraph(nodes: Iterable<GraphNode>, paint: Paint = (text) => text): Iterable<string> {
  const columns: (string | undefined)[] = []
  /** Where the line before ended something: what has nothing to do with it must not stand right below. */
  let ended = -1
  for (const { id, parents, lines } of nodes) {
    let own = columns.indexOf(id)
    if (own < 0) own = freeColumn(columns, 0, ended)
    columns[own] = id
    let line = 0
    const next = (): string => lines[line++] ?? ''
    const row = columns.map((awaited, column) => (column === own ? '●' : awaited === undefined ? ' ' : '│'))
    yield joined(row, columns.length, paint, next())

    const before = [...columns]
    columns[own] = undefined
    /** Columns that a line leads to from this one. */
    const links = new Set<number>()
    const fresh: string[] = []
    for (const parent of new Set(parents)) {
      const column = columns.indexOf(parent)
      if (column < 0) fresh.push(parent)
      else links.add(column)
    }
    fresh.forEach((parent, index) => {
      const column = index === 0 ? own : freeColumn(columns, own)
      columns[column] = parent
      if (column !== own) links.add(column)
    })
    // Where that is all, what is awaited to the right comes over here.
    const [only = -1] = links.size === 1 ? links : []
    if (columns[own] === undefined && only > own) {
      columns[own] = columns[only]
      columns[only] = undefined
    }
    ended = columns[own] === undefined && links.size === 0 ? own : -1
    if (links.size > 0) yield joined(linkRow(before, columns, own, links), columns.length, paint, next(), true)
    while (columns.length > 0 && columns.at(-1) === undefined) columns.pop()
    while (line < lines.length) {
      const bars = columns.map((awaited) => (awaited === undefined ? ' ' : '│'))
      yield joined(bars, columns.length, paint, next())
    }
  }
}

/** An empty column from `from` on, if there is one besides `except`, or else a new one. */
function freeColumn(columns: (string | undefined)[], from: number, except: number = -1): number {
  for (let column = from; column < columns.length; column++) {
    if (columns[column] === undefined && column !== except) return column
  }
  if (columns.length === except) columns.push(undefined)
  return columns.push(undefined) - 1
}

/** The line between a commit and the next, where it leads elsewhere than straight down. */
function linkRow(
  before: readonly (string | undefined)[],
  after: readonly (string | undefined)[],
  own: number,
  links: ReadonlySet<number>,
): string[] {
  const first = Math.min(own, ...links)
  const last = Math.max(own, ...links)
  return after.map((awaited, column) => {
    if (column < first || column > last) return awaited === undefined ? ' ' : '│'
    const up = column === own || (before[column] !== undefined && column < before.length)
    const down = awaited !== undefined
    const meets = column === own || links.has(column)
    // What it only passes under stays a line of its own.
    if (!meets) return down ? '│' : '─'
    return CORNERS[(up ? 8 : 0) + (down ? 4 : 0) + (column > first ? 2 : 0) + (column < last ? 1 : 0)]!
  })
}

/** By whether it goes up (8), down (4), left (2), right (1). */
const CORNERS = [' ', '╶', '╴', '─', '╷', '╭', '╮', '┬', '╵', '╰', '╯', '┴', '│', '├', '┤', '┼']

/** `linked`: between the first and the last column that a line reaches, it is drawn through. */
function joined(row: readonly string[], width: number, paint: Paint, text: string, linked: boolean = false): string {
  let line = ''
  let reached = false
  const reaches = row.map((drawn) => linked && CORNERS.indexOf(drawn) % 4 > 0)
  const last = reaches.lastIndexOf(true)
  for (let column = 0; column < width; column++) {
    reached ||= reaches[column]!
    line += paint(row[column]! + (reached && column < last ? '─' : ' '), column)
  }
  return `${line} ${text}`.trimEnd()
}
