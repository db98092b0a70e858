/** Draws the lanes behind the rows that are in sight. */
import type { ReactNode } from 'react'
import { type CommitColumns, KINDS, REFUSED, WAITING } from '../state/commit-columns.js'
import { ROW } from '../list/row-window.js'
import { hueOf, hueStyle } from '../value/author.js'
import type { Edge, Lanes } from './lanes.js'

/** Pixels from lane to lane, and where there are more than fit, at least. */
const GAP = 14
const LEAST_GAP = 2
/** Pixels that all lanes together take at most. */
const MOST = 14 * GAP
/** Pixels beside them, left and right. */
const MARGIN = 12
const MIDDLE = ROW / 2

/** Lanes move together where there are many. */
const gapOf = ({ width }: Lanes): number => Math.max(LEAST_GAP, Math.min(GAP, MOST / width))

/** Pixels that lanes take. */
export const widthOfLanes = (lanes: Lanes): number =>
  Math.ceil(Math.min(MOST, Math.max(1, lanes.width) * gapOf(lanes))) + MARGIN

export interface LaneDrawingProps {
  readonly lanes: Lanes
  readonly columns: CommitColumns
  /** The oldest and the newest commit in sight. */
  readonly first: number
  readonly last: number
}

export function LaneDrawing({ lanes, columns, first, last }: LaneDrawingProps): ReactNode {
  const { count, sessionOf, sessions, standings, kinds } = columns
  const top = (count - 1 - last) * ROW
  const height = (last - first + 1) * ROW
  const yOf = (commit: number): number => (last - commit) * ROW + MIDDLE
  const gap = gapOf(lanes)
  const xOf = (lane: number): number => lane * gap + MARGIN
  const hueAt = (commit: number): number => hueOf(sessions[sessionOf[commit]!]?.by ?? '')
  // One element for all that looks alike: each costs more than what it draws.
  const lines = new Strokes()
  const nodes = new Strokes()
  for (const edge of lanes.edges(first, last)) {
    const hue = hueAt(lanes.laneOf(edge.to) === edge.lane ? edge.to : edge.from)
    lines.add('line', hue, pathOf(edge, lanes, xOf, yOf, first, last))
  }
  for (let commit = first; commit <= last; commit++) {
    const x = xOf(lanes.laneOf(commit))
    const y = yOf(commit)
    const kind = KINDS[kinds[commit]!]
    if (kind === 'seal') nodes.add('gate', undefined, gate(x, y))
    else if (kind === 'join') nodes.add('join', undefined, disc(x, y, 2.5))
    else if (standings[commit] === REFUSED) nodes.add('node is-void', undefined, disc(x, y, 4))
    else nodes.add(standings[commit] === WAITING ? 'node is-waiting' : 'node', hueAt(commit), disc(x, y, 4))
  }
  return (
    <svg
      className="lanes"
      width={widthOfLanes(lanes)}
      height={height}
      style={{ transform: `translateY(${top}px)` }}
      aria-hidden="true"
    >
      {lines.draw()}
      {nodes.draw()}
    </svg>
  )
}

/** Shapes by how they look, each look as one path. */
class Strokes {
  private readonly looks = new Map<string, { className: string; hue: number | undefined; parts: string[] }>()

  /** `hue`: of the author; undefined where the look has none. */
  add(className: string, hue: number | undefined, path: string): void {
    const key = `${className} ${hue}`
    const look = this.looks.get(key)
    if (look) look.parts.push(path)
    else this.looks.set(key, { className, hue, parts: [path] })
  }

  /** Always in the same order, so that nothing changes its place in the document. */
  draw(): ReactNode[] {
    return [...this.looks]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { className, hue, parts }]) => (
        <path
          key={key}
          className={hue === undefined ? className : `${className} author`}
          style={hue === undefined ? undefined : hueStyle(hue)}
          d={parts.join('')}
        />
      ))
  }
}

const disc = (x: number, y: number, radius: number): string =>
  `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`
/** A square with rounded corners. */
const gate = (x: number, y: number): string =>
  `M${x - 2.5} ${y - 4}h5q1.5 0 1.5 1.5v5q0 1.5-1.5 1.5h-5q-1.5 0-1.5-1.5v-5q0-1.5 1.5-1.5Z`

/** From the parent into the lane, up the lane, and over to the child: cut off a little beyond what is in sight. */
function pathOf(
  { from, to, lane }: Edge,
  lanes: Lanes,
  xOf: (lane: number) => number,
  yOf: (commit: number) => number,
  first: number,
  last: number,
): string {
  const below = xOf(lanes.laneOf(from))
  const above = xOf(lanes.laneOf(to))
  if (to === from + 1)
    return `M${below} ${yOf(from)}${below === above ? `V${yOf(to)}` : bend(below, yOf(from), above, yOf(to))}`
  const x = xOf(lane)
  const start = Math.max(from, first - 1)
  const end = Math.min(to, last + 1)
  const parts: string[] = []
  if (start === from && below !== x) parts.push(`M${below} ${yOf(from)}`, bend(below, yOf(from), x, yOf(from + 1)))
  else parts.push(`M${x} ${yOf(start)}`)
  if (end === to && above !== x) {
    if (to - 1 > start) parts.push(`V${yOf(to - 1)}`)
    parts.push(bend(x, yOf(to - 1), above, yOf(to)))
  } else parts.push(`V${yOf(end)}`)
  return parts.join('')
}

const bend = (x1: number, y1: number, x2: number, y2: number): string =>
  `C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}`
