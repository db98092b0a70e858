/** One of a few, as buttons. */
import type { ReactNode } from 'react'

export interface ChoiceProps {
  readonly of: readonly string[]
  readonly chosen: string
  readonly onChoose: (chosen: string) => void
}

export function Choice({ of, chosen, onChoose }: ChoiceProps): ReactNode {
  return (
    <div>
      {of.map((each) => (
        <button key={each} aria-pressed={each === chosen} onClick={() => onChoose(each)}>
          {each}
        </button>
      ))}
    </div>
  )
}
