/** What the data was: repository, schema, item, field, at the shown moment. */
import { type ReactNode, useState } from 'react'
import { leaveFilter } from '../frame/focus-kept.js'
import { Note } from '../frame/note.js'
import { WithDetail } from '../frame/with-detail.js'
import { Icon } from '../look/icons.js'
import { useOpen, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { useShown } from '../state/use-shown.js'
import { ItemFields } from './item-fields.js'
import { ItemList } from './item-list.js'
import { usePast } from './use-past.js'

export function ItemsView(): ReactNode {
  const open = useOpen()
  const shown = useShown(open)
  const past = usePast(open, shown.moment)
  const chosen = useLive(useSession().item)
  const [text, setText] = useState('')
  const schema = open.schemas.find(({ name }) => name === chosen?.schema)
  return (
    <WithDetail
      detail={
        chosen && schema ? (
          <ItemFields key={`${chosen.schema}/${chosen.id}`} past={past} schema={schema} id={chosen.id} shown={shown} />
        ) : (
          <Note title="No item is chosen.">Choose one to see its fields at the shown moment.</Note>
        )
      }
    >
      <div className="view">
        <div className="bar filter" role="search">
          <label className="filter-field">
            <Icon name="search" />
            <input
              type="text"
              data-filter
              aria-label="Find an item"
              placeholder="Find an item by its id or text"
              spellCheck={false}
              autoComplete="off"
              value={text}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return
                event.stopPropagation()
                if (text) setText('')
                else leaveFilter(event.currentTarget)
              }}
            />
          </label>
        </div>
        <ItemList past={past} schemas={open.schemas} text={text} />
      </div>
    </WithDetail>
  )
}
