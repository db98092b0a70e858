/** Icons of 16 by 16, drawn for this app. They are decoration: what they mean is said beside them, or in a label. */
import type { ReactNode } from 'react'
import type { Priority, Status } from '../data/issue.js'

const PATHS = {
  plus: 'M8 3.25v9.5M3.25 8h9.5',
  search: 'M7 11.25a4.25 4.25 0 1 0 0-8.5 4.25 4.25 0 0 0 0 8.5ZM10.2 10.2l3.05 3.05',
  filter: 'M2.75 4.5h10.5M5 8h6M7 11.5h2',
  sort: 'M4.75 3.5v9m0 0L2.5 10.25m2.25 2.25L7 10.25M11.25 12.5v-9m0 0L9 5.75m2.25-2.25 2.25 2.25',
  list: 'M5.75 4.25h7.5M5.75 8h7.5M5.75 11.75h7.5M2.75 4.25h.01M2.75 8h.01M2.75 11.75h.01',
  board: 'M3 3.25h2.5v9.5H3zM6.75 3.25h2.5v6.5h-2.5zM10.5 3.25H13v8h-2.5z',
  close: 'm4 4 8 8m0-8-8 8',
  chevron: 'm5.75 3.75 4.25 4.25-4.25 4.25',
  down: 'm4 6 4 4 4-4',
  check: 'm3.25 8.25 3 3 6.5-6.75',
  person: 'M8 8.25a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3.25 13.25c.5-2.25 2.3-3.25 4.75-3.25s4.25 1 4.75 3.25',
  tag: 'M2.75 3.75v4.1c0 .35.15.7.4.95l4.6 4.55a1 1 0 0 0 1.4 0l4.2-4.2a1 1 0 0 0 0-1.4L8.8 3.15a1.4 1.4 0 0 0-1-.4h-4a1 1 0 0 0-1 1ZM5.6 5.6h.01',
  up: 'm3.5 9.75 4.5-4.5 4.5 4.5',
  trash: 'M3 4.5h10M6.25 4.25v-1.5h3.5v1.5M4.25 4.75l.6 7.6c.05.5.45.9 1 .9h4.3c.55 0 .95-.4 1-.9l.6-7.6',
  lock: 'M4.5 7.25h7a.75.75 0 0 1 .75.75v4.5a.75.75 0 0 1-.75.75h-7a.75.75 0 0 1-.75-.75V8a.75.75 0 0 1 .75-.75ZM5.5 7V5.25a2.5 2.5 0 0 1 5 0V7',
  pencil: 'm3 13 .6-2.7 7-7a1 1 0 0 1 1.4 0l.7.7a1 1 0 0 1 0 1.4l-7 7L3 13Z',
  sun: 'M8 10.75a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5ZM8 1.75v1M8 13.25v1M1.75 8h1M13.25 8h1M3.6 3.6l.7.7M11.7 11.7l.7.7M12.4 3.6l-.7.7M4.3 11.7l-.7.7',
  moon: 'M13.25 9.6A5.6 5.6 0 0 1 6.4 2.75a5.6 5.6 0 1 0 6.85 6.85Z',
  window:
    'M3.25 5.75v6.5c0 .55.45 1 1 1h6.5M6.25 2.75h6c.55 0 1 .45 1 1v5.5c0 .55-.45 1-1 1h-6c-.55 0-1-.45-1-1v-5.5c0-.55.45-1 1-1Z',
  help: 'M6 6.1c.1-1.2 1-1.9 2.05-1.9 1.15 0 2 .75 2 1.8 0 1.5-2 1.6-2 3.1M8 11.6h.01',
  spark: 'M8 2.5c.4 3.4 2.1 5.1 5.5 5.5-3.4.4-5.1 2.1-5.5 5.5-.4-3.4-2.1-5.1-5.5-5.5 3.4-.4 5.1-2.1 5.5-5.5Z',
  link: 'M6.75 9.25a2.5 2.5 0 0 0 3.55 0l2.2-2.2a2.5 2.5 0 0 0-3.55-3.55l-.7.7M9.25 6.75a2.5 2.5 0 0 0-3.55 0l-2.2 2.2a2.5 2.5 0 0 0 3.55 3.55l.7-.7',
  warning: 'M8 2.75 13.75 13H2.25L8 2.75ZM8 6.5v3M8 11.25h.01',
  inbox: 'M2.75 8.75h3l1 1.75h2.5l1-1.75h3M4.5 3.25h7l1.75 5.5v3.5a1 1 0 0 1-1 1h-8.5a1 1 0 0 1-1-1v-3.5L4.5 3.25Z',
  layers: 'm8 2.5 5.5 3L8 8.5l-5.5-3L8 2.5ZM2.75 8.25 8 11l5.25-2.75M2.75 10.75 8 13.5l5.25-2.75',
  bolt: 'M8.75 2.25 3.75 9h3.5l-.5 4.75 5-6.75h-3.5l.5-4.75Z',
  graph:
    'M5 6.25a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5ZM5 13.25a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5ZM11.5 7.75a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5ZM5 6.25v3.5M11.5 7.75c0 2.25-2.5 2-4.75 3',
  clock: 'M8 13.25a5.25 5.25 0 1 0 0-10.5 5.25 5.25 0 0 0 0 10.5ZM8 5v3l2 1.5',
  back: 'M5.75 3.25 2.75 6.25l3 3M3 6.25h6.25a3.5 3.5 0 0 1 0 7H6.5',
  forward: 'M10.25 3.25l3 3-3 3M13 6.25H6.75a3.5 3.5 0 0 0 0 7H9.5',
  play: 'M5 3.5v9l7.5-4.5L5 3.5Z',
  pause: 'M5.5 3.75v8.5M10.5 3.75v8.5',
  menu: 'M2.75 4.5h10.5M2.75 8h10.5M2.75 11.5h10.5',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}

const PIES: Partial<Record<Status, string>> = {
  doing: 'M8 8V4.75a3.25 3.25 0 0 1 0 6.5Z',
  review: 'M8 8V4.75A3.25 3.25 0 1 1 4.75 8Z',
}

/** A ring that fills as work goes on. */
export function StatusIcon({ status }: { status: Status }): ReactNode {
  const pie = PIES[status]
  return (
    <svg className={`status-icon is-${status}`} viewBox="0 0 16 16" aria-hidden="true">
      {status === 'done' || status === 'cancelled' ? (
        <>
          <circle cx="8" cy="8" r="6.25" className="disc" />
          <path className="sign" d={status === 'done' ? 'm5.1 8.2 2 2 3.9-4.2' : 'm5.8 5.8 4.4 4.4m0-4.4-4.4 4.4'} />
        </>
      ) : (
        <>
          <circle cx="8" cy="8" r="5.5" className="ring" />
          {pie !== undefined && <path className="pie" d={pie} />}
        </>
      )}
    </svg>
  )
}

/** Bars that rise with priority; a sign of its own for what is urgent. */
export function PriorityIcon({ priority }: { priority: number }): ReactNode {
  const level = 4 - (priority as Priority)
  return (
    <svg className={`priority-icon is-${priority}`} viewBox="0 0 16 16" aria-hidden="true">
      {priority === 0 ? (
        <>
          <rect x="1.75" y="1.75" width="12.5" height="12.5" rx="3.25" />
          <path d="M8 4.75v4M8 11.2h.01" />
        </>
      ) : priority === 4 ? (
        <path className="dashes" d="M2.5 8h2M7 8h2M11.5 8h2" />
      ) : (
        [0, 1, 2].map((bar) => (
          <rect
            key={bar}
            className={bar < level ? 'bar' : 'bar is-off'}
            x={2 + bar * 4.5}
            y={9.5 - bar * 3.25}
            width="3"
            height={4 + bar * 3.25}
            rx="1"
          />
        ))
      )}
    </svg>
  )
}

/** The mark of the project: two horns. */
export function Logo(): ReactNode {
  return (
    <svg className="logo" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M9.2 17.5C9.4 12 8 6.4 2.5 3.6c.3 4.6 2 7.4 4.6 9.4M10.8 17.5C10.6 12 12 6.4 17.5 3.6c-.3 4.6-2 7.4-4.6 9.4" />
    </svg>
  )
}
