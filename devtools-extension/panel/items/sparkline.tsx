import type { ReactNode } from 'react'

const BINS = 24
const HEIGHT = 14

/** When something changed, between two times: as many bars as fit, the tallest where most changed. */
export function Sparkline({
  times,
  from,
  to,
  label,
}: {
  times: readonly number[]
  from: number
  to: number
  label: string
}): ReactNode {
  const counts = new Array<number>(BINS).fill(0)
  const span = Math.max(1, to - from)
  for (const time of times) counts[Math.max(0, Math.min(BINS - 1, Math.floor(((time - from) / span) * BINS)))]!++
  const most = Math.max(1, ...counts)
  return (
    <svg className="sparkline" width={BINS * 3} height={HEIGHT} role="img" aria-label={label}>
      {counts.map((count, bin) => {
        const height = count === 0 ? 1 : Math.max(3, Math.round((count / most) * HEIGHT))
        // Bins have no name but their place.
        // oxlint-disable-next-line react/no-array-index-key
        return <rect key={bin} data-none={count === 0} x={bin * 3} y={HEIGHT - height} width={2} height={height} />
      })}
    </svg>
  )
}
