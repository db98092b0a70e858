/** Icons of 16 by 16, drawn for the panel. They are decoration: what they mean is said beside them, or in a label. */
import { type FunctionComponent, memo } from 'react'

const LINES = {
  first: 'M4 3.5v9M12 4 6.5 8l5.5 4V4Z',
  previous: 'M10.5 4 5 8l5.5 4V4Z',
  next: 'M5.5 4 11 8l-5.5 4V4Z',
  last: 'M12 3.5v9M4 4l5.5 4L4 12V4Z',
  loop: 'M3.5 7.5v-1a2 2 0 0 1 2-2h7m0 0L10.75 2.75M12.5 4.5l-1.75 1.75M12.5 8.5v1a2 2 0 0 1-2 2h-7m0 0 1.75 1.75M3.5 11.5l1.75-1.75',
  down: 'm5 6.5 3 3 3-3',
  right: 'm6.5 5 3 3-3 3',
  close: 'm4.5 4.5 7 7m0-7-7 7',
  search: 'M7 10.75a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5ZM9.75 9.75l3 3',
  copy: 'M6 6h6.5v6.5H6zM10 6V3.5H3.5V10H6',
  link: 'M6.75 9.25a2.4 2.4 0 0 0 3.4 0l2-2a2.4 2.4 0 0 0-3.4-3.4l-.6.6M9.25 6.75a2.4 2.4 0 0 0-3.4 0l-2 2a2.4 2.4 0 0 0 3.4 3.4l.6-.6',
  undo: 'M5.75 3.75 3 6.5l2.75 2.75M3.25 6.5h6a3 3 0 0 1 0 6H6',
  clock: 'M8 13.25a5.25 5.25 0 1 0 0-10.5 5.25 5.25 0 0 0 0 10.5ZM8 5v3.25l2 1.25',
  check: 'm3.5 8.25 3 3 6-6.5',
  warning: 'M8 3 13.5 12.75h-11L8 3ZM8 6.75v2.75M8 11.1h.01',
  refused: 'M8 13.25a5.25 5.25 0 1 0 0-10.5 5.25 5.25 0 0 0 0 10.5ZM4.4 4.4l7.2 7.2',
  seal: 'M8 2.75 12.5 5v3.25c0 2.5-1.75 4.1-4.5 5-2.75-.9-4.5-2.5-4.5-5V5L8 2.75ZM5.9 8l1.5 1.5 2.75-3',
  pencil: 'm3.25 12.75.55-2.5 6.6-6.6a.9.9 0 0 1 1.3 0l.65.65a.9.9 0 0 1 0 1.3l-6.6 6.6-2.5.55Z',
  source: 'm5.5 5-3 3 3 3M10.5 5l3 3-3 3M9 3.5 7 12.5',
  save: 'M8 2.75v7m0 0L5.25 7M8 9.75 10.75 7M3 12.75h10',
  load: 'M8 9.75v-7m0 0L5.25 5.5M8 2.75l2.75 2.75M3 12.75h10',
  trash: 'M3.25 4.5h9.5M6.25 4.25v-1.5h3.5v1.5M4.75 4.75l.5 7.6c.05.5.4.9.9.9h3.7c.5 0 .85-.4.9-.9l.5-7.6',
  window: 'M8.5 3.25H4a.75.75 0 0 0-.75.75v8c0 .4.35.75.75.75h8c.4 0 .75-.35.75-.75V7.5M10 3.25h2.75V6M12.5 3.5 8 8',
  keyboard: 'M2.5 4.5h11v7h-11zM4.75 6.75h.01M7 6.75h.01M9.25 6.75h.01M11.25 6.75h.01M5.5 9.5h5',
  zoom: 'M7 10.75a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5ZM9.75 9.75l3 3M5.5 7h3M7 5.5v3',
  side: 'M3 3.5h10v9H3zM9.5 3.5v9',
  drive: 'M2.75 4h10.5v6.5H2.75zM5.5 13h5M6.9 5.75v3l2.6-1.5-2.6-1.5Z',
  eye: 'M1.75 8S4 4 8 4s6.25 4 6.25 4S12 12 8 12 1.75 8 1.75 8ZM8 9.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2Z',
  offline:
    'M2.5 6.5A8 8 0 0 1 8 4.25c.9 0 1.8.15 2.6.4M4.5 8.75A5 5 0 0 1 8 7.25M8 11.5h.01M11.5 8.75 9.9 7.7M13.5 6.5l-.6-.5M3 2.75l10 10.5',
} as const

const SOLID = {
  play: 'M5 3.5v9L12.5 8 5 3.5Z',
  pause: 'M4.5 3.5h2.25v9H4.5zM9.25 3.5h2.25v9H9.25z',
} as const

export type IconName = keyof typeof LINES | keyof typeof SOLID

export const Icon: FunctionComponent<{ name: IconName }> = memo(function Icon({ name }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      {name in SOLID ? (
        <path className="solid" d={SOLID[name as keyof typeof SOLID]} />
      ) : (
        <path d={LINES[name as keyof typeof LINES]} />
      )}
    </svg>
  )
})
