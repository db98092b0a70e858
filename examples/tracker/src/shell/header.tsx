import { useLayoutEffect, useRef, type ReactNode } from 'react'
import { PastNote } from '../film/past-note.js'
import { Icon } from '../look/icons.js'
import { showView, useView } from '../view/use-view.js'
import { isFiltered, type Layout } from '../view/view-state.js'
import { SORT_NAMES } from '../view/filter-menu.js'
import { createCell, useCell } from './cell.js'
import { overlay } from './overlay.js'
import { savedViewOf } from './saved-views.js'

/** Whether the views at the left are shown where there is little room. */
export const sidebarOpen = createCell(false)

export function Header({ count }: { count: number }): ReactNode {
  const view = useView()
  const isOpen = useCell(sidebarOpen)
  return (
    <header className="header">
      <button
        type="button"
        className="quiet-button for-narrow"
        aria-label="Views"
        aria-expanded={isOpen}
        onClick={() => sidebarOpen.set(!isOpen)}
      >
        <Icon name="menu" />
      </button>
      <h1>{savedViewOf(view)?.name ?? 'Filtered'}</h1>
      <span className="count">{count.toLocaleString('en')}</span>
      <PastNote />
      <span className="grow" />
      <Search />
      <button
        type="button"
        id="filter"
        className="tool"
        data-active={isFiltered(view) || undefined}
        onClick={(event) => overlay.set({ kind: 'filter', anchor: event.currentTarget.getBoundingClientRect() })}
      >
        <Icon name="filter" />
        Filter
      </button>
      <button
        type="button"
        id="sort"
        className="tool"
        aria-label={`Sorted by ${SORT_NAMES[view.sort].toLowerCase()}`}
        onClick={(event) => overlay.set({ kind: 'sort', anchor: event.currentTarget.getBoundingClientRect() })}
      >
        <Icon name="sort" />
        {SORT_NAMES[view.sort]}
      </button>
      <div className="layouts" role="group" aria-label="Layout">
        <LayoutButton layout="list" name="List" />
        <LayoutButton layout="board" name="Board" />
      </div>
    </header>
  )
}

function LayoutButton({ layout, name }: { layout: Layout; name: string }): ReactNode {
  const isOn = useView().layout === layout
  return (
    <button
      type="button"
      aria-pressed={isOn}
      title={`${name} (B)`}
      aria-label={name}
      onClick={() => showView({ layout })}
    >
      <Icon name={layout} />
    </button>
  )
}

/** Searches titles while one types. */
function Search(): ReactNode {
  const { text } = useView()
  const field = useRef<HTMLInputElement>(null)
  // The address may change without this field: by going back, or by clearing filters.
  useLayoutEffect(() => {
    if (field.current && field.current.value !== text) field.current.value = text
  }, [text])
  return (
    <label className="search">
      <Icon name="search" />
      <input
        id="search"
        ref={field}
        type="search"
        defaultValue={text}
        placeholder="Search titles"
        aria-label="Search titles"
        autoComplete="off"
        onInput={(event) => showView({ text: event.currentTarget.value }, { replace: true })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') showView({ text: '' }, { replace: true })
          if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur()
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  )
}
