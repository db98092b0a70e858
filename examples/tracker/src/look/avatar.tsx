import type { CSSProperties, ReactNode } from 'react'
import { personOf } from '../data/people.js'
import { Icon } from './icons.js'

/** A person as two letters on their colour; the outline of one where there is nobody. */
export function Avatar({ id }: { id: string | undefined }): ReactNode {
  if (id === undefined) {
    return (
      <span className="avatar is-nobody">
        <Icon name="person" />
      </span>
    )
  }
  const { initials, hue } = personOf(id)
  return (
    <span className="avatar" style={{ '--hue': hue } as CSSProperties} aria-hidden="true">
      {initials}
    </span>
  )
}
