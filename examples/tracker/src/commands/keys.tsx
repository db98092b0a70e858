import type { ReactNode } from 'react'
import { keyParts } from './hotkeys.js'

/** A key combination as little keys. */
export function Keys({ of }: { of: string }): ReactNode {
  return (
    <span className="keys" aria-hidden="true">
      {keyParts(of).map((part) => (
        <kbd key={part}>{part}</kbd>
      ))}
    </span>
  )
}
