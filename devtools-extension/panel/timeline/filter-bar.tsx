import { type FunctionComponent, memo, type ReactNode, useId } from 'react'
import { Icon } from '../look/icons.js'
import { leaveFilter } from '../frame/focus-kept.js'
import { type MomentLink, readLink } from '../state/moment-link.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { countOf } from '../time/format-time.js'
import { FILTER_KEYS } from './filter-text.js'

export interface FilterBarProps {
  readonly count: number
  /** All actions; left out where seals or joins are counted. */
  readonly of: number | undefined
  readonly problem: string | undefined
}

/** Where a filter is typed, or the link of a moment is pasted; `/` comes here. */
export const FilterBar: FunctionComponent<FilterBarProps> = memo(function FilterBar({
  count,
  of,
  problem,
}: FilterBarProps): ReactNode {
  const session = useSession()
  const text = useLive(session.filter)
  const hints = useId()
  const panel = usePanel()
  const follow = (link: MomentLink): void => void panel.act(() => panel.follow(link, session), 'Here is that moment.')
  return (
    <div className="bar filter" role="search">
      <label className="filter-field" data-wrong={problem !== undefined}>
        <Icon name="search" />
        <input
          type="text"
          data-filter
          aria-label="Filter"
          aria-describedby={problem === undefined ? undefined : `${hints}problem`}
          placeholder="Filter   author:ada field:title text:login"
          spellCheck={false}
          autoComplete="off"
          list={hints}
          value={text}
          onChange={({ target }) => {
            const link = readLink(target.value)
            if (link) follow(link)
            else session.filter.set(target.value)
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            if (text) session.filter.set('')
            else leaveFilter(event.currentTarget)
          }}
        />
        {text && (
          <button type="button" className="tool" aria-label="Clear the filter" onClick={() => session.filter.set('')}>
            <Icon name="close" />
          </button>
        )}
      </label>
      {text === '' && (
        <datalist id={hints}>
          {FILTER_KEYS.map(([key, example]) => (
            <option key={key} value={example} />
          ))}
        </datalist>
      )}
      {problem !== undefined && (
        <span id={`${hints}problem`} className="filter-problem wait" role="status">
          {problem}
        </span>
      )}
      {text !== '' && problem === undefined && (
        <span className="soft" role="status">
          {of === undefined ? countOf(count) : `${countOf(count)} of ${countOf(of)}`}
        </span>
      )}
    </div>
  )
})
