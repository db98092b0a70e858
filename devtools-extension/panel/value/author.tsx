import { type CSSProperties, type FunctionComponent, memo, type ReactNode } from 'react'

/** Angles on the colour wheel from teal to pink: green, amber and red mean something else. */
const HUES = [255, 325, 195, 290, 350, 225]

/** An author's own hue: the same in every view, and tomorrow. */
export function hueOf(by: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < by.length; i++) hash = Math.imul(hash ^ by.charCodeAt(i), 0x01000193)
  // The lowest bits are the least mixed.
  return HUES[(hash >>> 2) % HUES.length]!
}

export function hueStyle(hue: number): CSSProperties {
  return { '--hue': hue } as CSSProperties
}

export function authorStyle(by: string): CSSProperties {
  return hueStyle(hueOf(by))
}

/** Who did it: a user, or a session without one, by the beginning of its id. */
export const Author: FunctionComponent<{ by: string }> = memo(function Author({ by }) {
  return (
    <span className="author" style={authorStyle(by)} title={by}>
      <span>{authorName(by)}</span>
    </span>
  )
})

/** Who did what a list tells of: seals come from the authority, whatever session signed them. */
export function EntryAuthor({ kind, by }: { kind: string; by: string }): ReactNode {
  return kind === 'seal' ? <span className="soft">server</span> : <Author by={by} />
}

export function authorName(by: string): string {
  return /^[0-9a-f]{16,}$/.test(by) ? by.slice(0, 8) : by
}
