import { type ReactNode, useId } from 'react'
import { Icon } from '../look/icons.js'
import { useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { countOf } from '../time/format-time.js'
import { FILTER_KEYS } from './filter-text.js'

export interface FilterBarProps {
  readonly count: number
  readonly of: number
  readonly problem: string | undefined
}

/** Where a filter is typed; `/` comes here. */
export function FilterBar({ count, of, problem }: FilterBarProps): ReactNode {
  const session = useSession()
  const text = useLive(session.filter)
  const hints = useId()
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
          onChange={(event) => session.filter.set(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            if (text) session.filter.set('')
            else event.currentTarget.blur()
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
        <span id={`${hints}problem`} className="wait clip" role="status">
          {problem}
        </span>
      )}
      {text !== '' && problem === undefined && (
        <span className="soft" role="status">
          {countOf(count)} of {countOf(of)}
        </span>
      )}
    </div>
  )
}
