import { useRepositoryHistory } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { momentName } from '../issue/dates.js'
import { Icon } from '../look/icons.js'
import { useCell } from '../shell/cell.js'
import { useNow } from '../shell/now.js'
import { film } from './film.js'

/** Says that what is shown is the past, and when. */
export function PastNote(): ReactNode {
  const at = useCell(film, (shown) => shown.at)
  const history = useRepositoryHistory({ suspense: false })
  const now = useNow()
  if (at === null || !history) return null
  const { time } = history.place(at)
  return (
    <span className="past-note" role="status" title="Nothing can be changed here. Esc: back to live">
      <Icon name="clock" />
      <strong>{time === 0 ? 'Before everything' : momentName(time, now)}</strong>
      <span className="past-rule">Writes are off</span>
    </span>
  )
}
