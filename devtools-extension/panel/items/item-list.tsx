import { type ReactNode, useMemo, useState, useSyncExternalStore } from 'react'
import type { AnySchema, AnySnapshot, Past } from '../../../src/index.js'
import type { Live } from '../../../src/inspect/live.js'
import { Note } from '../frame/note.js'
import { type Column, Grid } from '../list/grid.js'
import { Icon } from '../look/icons.js'
import { useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { countOf } from '../time/format-time.js'
import { ListTime, useDays, widthOfTime } from '../time/list-time.js'
import { Author } from '../value/author.js'
import { titleOf } from './item-title.js'

interface Row {
  readonly schema: AnySchema
  /** Undefined: the heading of the schema. */
  readonly id?: string
  readonly count: number
  readonly past: Past
  readonly isFolded: boolean
}

export interface ItemListProps {
  readonly past: Past
  readonly schemas: readonly AnySchema[]
  readonly text: string
}

/** All items at the shown moment, below the names of their schemas. */
export function ItemList({ past, schemas, text }: ItemListProps): ReactNode {
  const session = useSession()
  const chosen = useLive(session.item)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  /** The schema whose heading the keys have come to. */
  const [heading, setHeading] = useState<string | null>(null)
  const lists = useIdLists(past, schemas, text)
  const rows = useMemo(
    () =>
      schemas.flatMap((schema, at): Row[] => {
        const ids = lists[at] ?? []
        const isFolded = folded.has(schema.name)
        const own = { schema, count: ids.length, past, isFolded }
        return [own, ...(isFolded ? [] : ids.map((id) => ({ ...own, id })))]
      }),
    [schemas, lists, folded, past],
  )
  const at = heading === null ? chosen : { schema: heading, id: undefined }
  const selected = at ? rows.findIndex(({ schema, id }) => schema.name === at.schema && id === at.id) : -1

  const toggle = (index: number): void => {
    const { name } = rows[index]!.schema
    const next = new Set(folded)
    if (!next.delete(name)) next.add(name)
    setFolded(next)
  }
  const days = useDays()
  const columns = useMemo(() => columnsOf(days), [days])
  if (schemas.length === 0) return <Note title="The store has no schemas.">Give createStore its schemas.</Note>
  if (lists.every((ids) => ids.length === 0)) {
    return text.trim() === '' ? (
      <Note title="There is no item at this moment.">What the app creates appears here, by its schema.</Note>
    ) : (
      <Note title="No item has that.">An item is found by its id, or by a text in one of its fields.</Note>
    )
  }
  return (
    <Grid
      label="Items"
      columns={columns}
      count={rows.length}
      rowAt={(index) => rows[index]}
      selected={selected}
      onSelect={(index) => {
        const { schema, id } = rows[index]!
        setHeading(id === undefined ? schema.name : null)
        if (id !== undefined) session.item.set({ schema: schema.name, id })
      }}
      folds={{ isOpen: ({ id, isFolded }) => (id === undefined ? !isFolded : undefined), onToggle: toggle }}
      marksOf={({ id }) => ({ 'data-heading': id === undefined })}
    />
  )
}

const columnsOf = (days: boolean): readonly Column<Row>[] => [
  {
    key: 'title',
    title: 'Item',
    width: 'minmax(96px, 2fr)',
    cell: (row) =>
      row.id === undefined ? (
        <span className="heading">
          <Icon name={row.isFolded ? 'right' : 'down'} />
          {row.schema.name} <span className="faint">{countOf(row.count)}</span>
        </span>
      ) : (
        <Cell
          row={row}
          show={(item, { schema }) => titleOf(schema, item) ?? <span className="mono">{item.$id}</span>}
        />
      ),
  },
  {
    key: 'id',
    title: 'Id',
    width: 'minmax(56px, 1fr)',
    needs: 'tall',
    cell: ({ id }) => <span className="mono faint">{id}</span>,
  },
  {
    key: 'by',
    title: 'Last change',
    width: 'minmax(72px, 1fr)',
    cell: (row) => row.id !== undefined && <Cell row={row} show={(item) => <Author by={item.$updatedBy} />} />,
  },
  {
    key: 'time',
    title: 'Changed at',
    isBare: true,
    width: widthOfTime(days),
    needs: 'tall',
    cell: (row) =>
      row.id !== undefined && <Cell row={row} show={(item) => <ListTime at={item.$updatedAt} days={days} />} />,
  },
]

/** Hears of its own item only. */
function Cell({ row, show }: { row: Row; show: (item: AnySnapshot, row: Row) => ReactNode }): ReactNode {
  const item = useItemAt(row.past, row.schema, row.id!)
  return item && show(item, row)
}

/** An item at the shown moment. */
export function useItemAt(past: Past, schema: AnySchema, id: string): AnySnapshot | undefined {
  const item = useMemo(() => {
    const collection = past.collection(schema)
    return {
      subscribe: (listener: () => void) => collection.subscribe(id, listener),
      get: (): AnySnapshot | undefined => collection.get(id),
    }
  }, [past, schema, id])
  return useSyncExternalStore(item.subscribe, item.get)
}

/** The ids of each schema's items that hold the text, as the past moves. */
function useIdLists(past: Past, schemas: readonly AnySchema[], text: string): readonly (readonly string[])[] {
  const lists = useMemo(() => {
    const words = text.trim().toLowerCase()
    const query = words === '' ? {} : { filter: (item: AnySnapshot) => holds(item, words) }
    return idListsOf(schemas.map((schema) => past.collection(schema).query(query as never)))
  }, [past, schemas, text])
  return useSyncExternalStore(lists.subscribe, lists.get)
}

type IdView = Pick<ReturnType<ReturnType<Past['collection']>['query']>, 'ids' | 'subscribeIds'>

/** The ids of several views, as one list of lists. */
function idListsOf(views: readonly IdView[]): Live<readonly (readonly string[])[]> {
  let before: readonly (readonly string[])[] = []
  return {
    subscribe(listener) {
      const stops = views.map((view) => view.subscribeIds(listener))
      return () => stops.forEach((stop) => stop())
    },
    get() {
      const now = views.map((view) => view.ids())
      if (now.some((ids, at) => ids !== before[at])) before = now
      return before
    },
  }
}

function holds(item: AnySnapshot, words: string): boolean {
  if (item.$id.toLowerCase().includes(words)) return true
  for (const value of Object.values(item)) {
    if (typeof value === 'string' && value.toLowerCase().includes(words)) return true
  }
  return false
}
