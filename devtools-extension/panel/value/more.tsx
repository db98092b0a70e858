/** Of what is long some is shown, and more as one wishes. */
import { type ReactNode, useState } from 'react'
import { countNoun } from '../time/format-time.js'

/** How many are shown, and what shows as many more; of another `subject` as many as at first. */
export function useMost(atFirst: number, subject?: unknown): readonly [most: number, more: () => void] {
  const [shown, setShown] = useState({ subject, most: atFirst })
  const most = shown.subject === subject ? shown.most : atFirst
  return [most, () => setShown({ subject, most: most + atFirst })]
}

export interface MoreProps {
  /** How many are not shown. */
  readonly left: number
  readonly noun: string
  readonly many?: string
  onMore(): void
}

export function More({ left, noun, many, onMore }: MoreProps): ReactNode {
  if (left <= 0) return null
  return (
    <button type="button" className="link" onClick={onMore}>
      {countNoun(left, noun, many)} …
    </button>
  )
}
