/** Times in lists: with their day where the history has more than one. */
import { type ReactNode, useMemo } from 'react'
import { useColumns } from '../state/panel-context.js'
import { clockOf, dayOf, momentOf, shortDayOf } from './format-time.js'

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

interface ListTimeProps {
  readonly at: number
  /** What {@link useDays} says; a list asks once for all its rows. */
  readonly days: boolean
  /** Where what stands around it has a title, the same. */
  readonly title?: string
}

export function ListTime({ at, days, title = momentOf(at) }: ListTimeProps): ReactNode {
  return (
    <time title={title}>
      {days && <span className="faint">{shortDayOf(at)} </span>}
      {clockOf(at)}
    </time>
  )
}
