/** Times in lists: with their day where the history has more than one. */
import { type ReactNode, useMemo } from 'react'
import { useColumns } from '../state/panel-context.js'
import { clockOf, dayOf, momentOf } from './format-time.js'

/** As wide as what {@link ListTime} writes. */
export const widthOfTime = (days: boolean): string => (days ? '100px' : '64px')

/** Whether the history goes over midnight, where its reader is. */
export function useDays(): boolean {
  const columns = useColumns()
  return useMemo(() => {
    const { times, count } = columns
    return count > 0 && dayOf(times[0]!) !== dayOf(times[count - 1]!)
  }, [columns])
}

/** `days`: what {@link useDays} says; a list asks once for all its rows. */
export function ListTime({ at, days }: { at: number; days: boolean }): ReactNode {
  return (
    <time title={momentOf(at)}>
      {days && <span className="faint">{dayOf(at).slice(5)} </span>}
      {clockOf(at)}
    </time>
  )
}
