import { TimeTravel } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { useCell } from '../shell/cell.js'
import { film } from './film.js'

/** Shows what is below as it was at the film's moment. */
export function Travel({ children }: { children: ReactNode }): ReactNode {
  const at = useCell(film, (shown) => shown.at)
  return <TimeTravel at={at}>{children}</TimeTravel>
}
