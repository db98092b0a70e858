/** Draws the lanes behind the rows that are in sight. */
import type { CSSProperties, ReactNode } from 'react'
import { type CommitColumns, KINDS, REFUSED, WAITING } from '../state/commit-columns.js'
import { ROW } from '../list/row-window.js'
import { hueOf } from '../value/author.js'
import type { Edge, Lanes } from './lanes.js'

export const LANE_WIDTH = 14
const MIDDLE = ROW / 2

export interface LaneDrawingProps {
  readonly lanes: Lanes
  readonly columns: CommitColumns
  /** The oldest and the newest commit in sight. */
  readonly first: number
  readonly last: number
  readonly width: number
}

export function LaneDrawing({ lanes, columns, first, last, width }: LaneDrawingProps): ReactNode {
  const { count, sessionOf, sessions, standings, kinds } = columns
  const top = (count - 1 - last) * ROW
  const height = (last - first + 1) * ROW
  const yOf = (commit: number): number => (last - commit) * ROW + MIDDLE
  const styleOf = (commit: number): CSSProperties =>
    ({ '--hue': hueOf(sessions[sessionOf[commit]!]?.by ?? '') }) as CSSProperties
  return (
    <svg
      className="lanes"
      width={width}
      height={height}
      style={{ transform: `translateY(${top}px)` }}
      aria-hidden="true"
    >
      {lanes.edges(first, last).map((edge) => (
        <path
          key={`${edge.from} ${edge.to}`}
          className="author"
          style={styleOf(lanes.laneOf(edge.to) === edge.lane ? edge.to : edge.from)}
          d={pathOf(edge, lanes, yOf, first, last)}
        />
      ))}
      {Array.from({ length: last - first + 1 }, (_, i) => {
        const commit = last - i
        const x = xOf(lanes.laneOf(commit))
        const y = yOf(commit)
        const kind = KINDS[kinds[commit]!]
        if (kind === 'seal')
          return <rect key={commit} className="gate" x={x - 4} y={y - 4} width={8} height={8} rx={1.5} />
        if (kind === 'join') return <circle key={commit} className="join" cx={x} cy={y} r={2.5} />
        return (
          <circle
            key={commit}
            className={standings[commit] === REFUSED ? 'node is-void' : 'node author'}
            style={styleOf(commit)}
            data-waiting={standings[commit] === WAITING}
            cx={x}
            cy={y}
            r={4}
          />
        )
      })}
    </svg>
  )
}

const xOf = (lane: number): number => lane * LANE_WIDTH + 12

/** From the parent into the lane, up the lane, and over to the child: cut off a little beyond what is in sight. */
function pathOf(
  { from, to, lane }: Edge,
  lanes: Lanes,
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
