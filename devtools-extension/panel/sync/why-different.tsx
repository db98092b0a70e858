import { type ReactNode, useMemo } from 'react'
import { Icon } from '../look/icons.js'
import { usePanel, useSession } from '../state/panel-context.js'
import type { CommitColumns } from '../state/commit-columns.js'
import type { Open } from '../state/repository-session.js'
import { useLive } from '../state/use-live.js'
import { clockOf, countNoun } from '../time/format-time.js'
import { entryOf } from '../state/entry-of.js'
import { differ } from './difference.js'

/** Why this replica and a peer's differ, if they do. */
export function WhyDifferent({ peer, heads }: { peer: string; heads: readonly string[] }): ReactNode {
  const opening = useLive(useSession().opening)
  if (opening.state !== 'open') return null
  return <Answer peer={peer} heads={heads} open={opening} />
}

function Answer({ peer, heads, open }: { peer: string; heads: readonly string[]; open: Open }): ReactNode {
  const columns = useLive(open.commits.columns)
  const { onlyHere, unknownHere } = useMemo(() => differ(columns, heads, peer === 'server'), [columns, heads, peer])
  if (onlyHere.length === 0 && unknownHere.length === 0)
    return (
      <p className="verdict good">
        <Icon name="check" /> The same here and there.
      </p>
    )
  return (
    <div className="verdict-box">
      <p className="verdict wait">
        <Icon name="warning" /> They differ.
      </p>
      {unknownHere.length > 0 && (
        <p>
          The {peer} has at least {countNoun(unknownHere.length, 'commit')} that did not arrive here. Either it is on
          its way, or this session may not read it.
        </p>
      )}
      {onlyHere.length > 0 && <OnlyHere peer={peer} onlyHere={onlyHere} open={open} columns={columns} />}
    </div>
  )
}

interface OnlyHereProps {
  readonly peer: string
  readonly onlyHere: readonly number[]
  readonly open: Open
  readonly columns: CommitColumns
}

function OnlyHere({ peer, onlyHere, open, columns }: OnlyHereProps): ReactNode {
  const panel = usePanel()
  const session = useSession()
  return (
    <>
      <p>
        {countNoun(onlyHere.length, 'commit')} here {onlyHere.length === 1 ? 'is' : 'are'} not known to the {peer} yet
        {onlyHere.length > 1 && `, the first of ${clockOf(columns.times[onlyHere[0]!]!)}`}:
      </p>
      <ul className="names">
        {onlyHere.slice(0, 5).map((index) => {
          const commit = open.history.commits.at(index)
          const entry = entryOf(open, commit)
          return (
            <li key={commit.id}>
              <button
                type="button"
                className="link"
                onClick={() => {
                  if (entry) session.pick(entry)
                  panel.view.set('graph')
                }}
              >
                {commit.id.slice(0, 8)}
              </button>{' '}
              <span className="soft">
                {entry?.label ?? countNoun(commit.actions, 'action')}, {clockOf(commit.at)}
              </span>
            </li>
          )
        })}
        {onlyHere.length > 5 && <li className="faint">and {countNoun(onlyHere.length - 5, 'more', 'more')}</li>}
      </ul>
    </>
  )
}
