import { useItem, useStore } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { toggleVote } from '../data/changes.js'
import { OWN, Vote } from '../data/issue.js'
import { Icon } from '../look/icons.js'

/** How many want it, and whether the person at this device is one of them. */
export function VoteButton({ id, votes }: { id: string; votes: number }): ReactNode {
  const store = useStore()
  const [vote] = useItem(Vote, id, { in: OWN, suspense: false })
  return (
    <button
      type="button"
      className={votes === 0 && !vote ? 'votes is-none' : 'votes'}
      aria-pressed={vote !== undefined}
      aria-label={votes === 1 ? '1 vote' : `${votes} votes`}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation()
        toggleVote(store, id)
      }}
    >
      <Icon name="up" />
      {votes}
    </button>
  )
}
