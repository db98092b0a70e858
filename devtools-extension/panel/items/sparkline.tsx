import type { ReactNode } from 'react'
import { countNoun } from '../time/format-time.js'
import { binsOf } from './change-bins.js'

const BINS = 24
const HEIGHT = 14

export interface SparklineProps {
  readonly field: string
  readonly times: readonly number[]
  readonly from: number
  /** The shown moment: what came later has not happened yet. */
  readonly to: number
}

/** When a field changed, between two times: as many bars as fit, the tallest where most changed. */
export function Sparkline({ field, times, from, to }: SparklineProps): ReactNode {
  const counts = binsOf(times, from, to, BINS)
  const most = Math.max(1, ...counts)
  const all = counts.reduce((sum, count) => sum + count, 0)
  return (
    <svg
      className="sparkline"
      width={BINS * 3}
      height={HEIGHT}
      role="img"
      aria-label={`${countNoun(all, 'change')} of ${field}`}
    >
      {counts.map((count, bin) => {
        const height = count === 0 ? 1 : Math.max(3, Math.round((count / most) * HEIGHT))
        // Bins have no name but their place.
        // oxlint-disable-next-line react/no-array-index-key
        return <rect key={bin} data-none={count === 0} x={bin * 3} y={HEIGHT - height} width={2} height={height} />
      })}
    </svg>
  )
}
