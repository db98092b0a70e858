/** What the hooks infer, and what must not compile. Checked by the compiler, never run. */
import type { ReactElement } from 'react'
import { expectTypeOf } from 'vitest'
import {
  type Blame,
  type BlameOf,
  type Collection,
  type Conflict,
  type CreateInput,
  createStore,
  defineSchema,
  field,
  type FieldBlame,
  type History,
  type Moment,
  type Snapshot,
  type Status,
  type Store,
  type TimelineEntry,
  type Write,
} from '../src/index.js'
import {
  type HistoryStatus,
  RepositoryProvider,
  type SetItem,
  StoreProvider,
  TimeTravel,
  useBlame,
  useCollection,
  useConflicts,
  useHistory,
  useIds,
  useItem,
  useQuery,
  useRepositoryHistory,
  useStatus,
  useStore,
  useTimeline,
  useUndo,
} from './index.js'

const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  tags: field.set(field.string()),
  votes: field.counter(),
  due: field.date().optional(),
  size: field.enum(['s', 'm', 'l']).default('m'),
})
type Task = Snapshot<typeof Task>

declare const store: Store

export function useItems(id: string): void {
  const [task, setTask, status] = useItem(Task, id)
  expectTypeOf(task).toEqualTypeOf<Task | undefined>()
  expectTypeOf(setTask).toEqualTypeOf<SetItem<typeof Task>>()
  expectTypeOf(status).toEqualTypeOf<'ready' | 'missing' | 'deleted' | 'loading'>()
  expectTypeOf(task?.tags).toEqualTypeOf<readonly string[] | undefined>()
  expectTypeOf(task?.due).toEqualTypeOf<Date | undefined>()
  expectTypeOf(setTask({ title: '' }).wait('server')).toEqualTypeOf<Promise<void>>()

  setTask({ done: true, tags: ['a'], due: undefined })
  setTask((draft) => {
    draft.done = !draft.done
    draft.tags.add('urgent')
    draft.votes.increment()
    expectTypeOf(draft.size).toEqualTypeOf<'s' | 'm' | 'l'>()
  })
  setTask((draft) => ({ title: draft.title.trim() }))
  setTask((draft) => void draft.tags.delete('a'))

  // @ts-expect-error not a string
  setTask({ title: 3 })
  // @ts-expect-error no such field
  setTask({ name: '' })
  // @ts-expect-error a counter is counted
  setTask({ votes: 3 })
  // @ts-expect-error not a member
  setTask({ size: 'xl' })
  // @ts-expect-error drafts are edited at once
  setTask(async (draft) => {
    draft.title = ''
  })
  // @ts-expect-error a set in a draft is called
  setTask((draft) => (draft.tags = []))
  // @ts-expect-error it may be missing
  void task.title

  useItem(Task, null)
  useItem(Task, id, { in: '/data/inbox', suspense: false })
  // @ts-expect-error null is no item, undefined is a mistake
  useItem(Task, undefined)
  // @ts-expect-error not an id
  useItem(Task, 3)
  // @ts-expect-error no such option
  useItem(Task, id, { where: {} })
  // @ts-expect-error not a schema
  useItem('task', id)
}

export function useSelectors(id: string): void {
  const [title, set] = useItem(Task, id, { select: (task) => task.title })
  expectTypeOf(title).toEqualTypeOf<string | undefined>()
  expectTypeOf(set).toEqualTypeOf<SetItem<typeof Task>>()
  const [pair] = useItem(Task, id, { select: ({ title, votes }) => ({ title, votes }), in: '/data/inbox' })
  expectTypeOf(pair).toEqualTypeOf<{ title: string; votes: number } | undefined>()
  const [none] = useItem(Task, id, { select: undefined })
  expectTypeOf(none).toEqualTypeOf<Task | undefined>()
  // @ts-expect-error no such field
  useItem(Task, id, { select: (task) => task.name })
}

export function useGiven(id: string | null): void {
  const tasks = useCollection(Task)
  const [task, setTask] = useItem(tasks, id)
  expectTypeOf(task).toEqualTypeOf<Task | undefined>()
  expectTypeOf(setTask).toEqualTypeOf<SetItem<typeof Task>>()
  expectTypeOf(useItem(tasks, id, { select: ({ votes }) => votes })[0]).toEqualTypeOf<number | undefined>()
  // @ts-expect-error the collection says where it is
  useItem(tasks, id, { in: '/data/inbox' })
  // @ts-expect-error not a collection
  useItem({ path: '/data/main' }, id)
}

export function useQueries(text: string): void {
  const tasks = useQuery(Task, {
    where: { done: false, title: { contains: text } },
    orderBy: ['title', ['votes', 'desc']],
  })
  expectTypeOf(tasks).toEqualTypeOf<readonly Task[]>()
  expectTypeOf(useIds(Task, { limit: 10, offset: 5 })).toEqualTypeOf<readonly string[]>()
  expectTypeOf(useQuery(Task, null)).toEqualTypeOf<readonly Task[]>()
  useQuery(Task, text ? { where: { or: [{ done: true }, { tags: { has: text } }] } } : null)
  useQuery(Task, { filter: (task) => task.votes > 3 }, { in: '/data/inbox' })
  // @ts-expect-error results are read-only
  tasks.push(tasks[0]!)
  // @ts-expect-error no such field
  useQuery(Task, { where: { name: '' } })
  // @ts-expect-error of another type
  useQuery(Task, { where: { done: 'yes' } })
  // @ts-expect-error a set has no order
  useQuery(Task, { orderBy: 'tags' })
  // @ts-expect-error no such operator
  useQuery(Task, { where: { title: { like: '%' } } })
  // @ts-expect-error a query, null, or nothing for everything
  useQuery(Task, false)
  // @ts-expect-error no such field
  useIds(Task, { filter: (task) => task.name === '' })
}

export function useHandles(): void {
  expectTypeOf(useStore()).toEqualTypeOf<Store>()
  const tasks = useCollection(Task)
  expectTypeOf(tasks).toEqualTypeOf<Collection<typeof Task>>()
  expectTypeOf(tasks.create).parameter(0).toEqualTypeOf<CreateInput<typeof Task>>()
  expectTypeOf(tasks.create({ title: '' })).toEqualTypeOf<Task>()
  // @ts-expect-error title is required
  tasks.create({})
  useCollection(Task, { in: '/data/inbox' })

  expectTypeOf(useStatus()).toEqualTypeOf<Status>()
  expectTypeOf(useStatus((status) => status.pending)).toEqualTypeOf<number>()
  expectTypeOf(useStatus(({ ready, pending }) => ({ ready, pending }))).toEqualTypeOf<{
    ready: boolean
    pending: number
  }>()
  // @ts-expect-error no such word
  useStatus((status) => status.online)
}

export function mutate(task: Task): void {
  // @ts-expect-error snapshots are read-only
  task.title = ''
}

declare const moment: Moment

declare const date: Date

export function usePast(id: string): void {
  expectTypeOf(useItem(Task, id, { at: moment })[0]).toEqualTypeOf<Task | undefined>()
  const [title] = useItem(Task, id, { at: null, select: (task) => task.title })
  expectTypeOf(title).toEqualTypeOf<string | undefined>()
  // @ts-expect-error a text is no moment until history.moment(text) has checked it
  useItem(Task, id, { at: 'start' })
  // @ts-expect-error nor is a date: history.at(date)
  useItem(Task, id, { at: date })

  expectTypeOf(useHistory(Task, id)).toEqualTypeOf<
    [entries: readonly TimelineEntry[], status: 'ready' | 'loading' | 'unavailable']
  >()
  useHistory(Task, null, { limit: 10, field: 'title', in: '/data/inbox', suspense: false })
  // @ts-expect-error the item is said already
  useHistory(Task, id, { item: 'b' })
  expectTypeOf(useTimeline()[0]).toEqualTypeOf<readonly TimelineEntry[]>()
  useTimeline({ schema: Task, label: 'rename', since: moment, until: date, standing: ['pending', 'void'] })
  useTimeline(null, { suspense: false })
  // @ts-expect-error no such filter
  useTimeline({ author: 'Ada' })

  expectTypeOf(useBlame(Task, id)).toEqualTypeOf<[blame: BlameOf<typeof Task> | undefined, status: HistoryStatus]>()
  expectTypeOf(useBlame(Task, id, 'title')[0]).toEqualTypeOf<FieldBlame | undefined>()
  expectTypeOf(useBlame(Task, id, '$exists', { at: moment })[0]).toEqualTypeOf<Blame | undefined>()
  expectTypeOf(useBlame(Task, id, { at: null, suspense: false })[0]).toEqualTypeOf<BlameOf<typeof Task> | undefined>()
  // @ts-expect-error no such field
  useBlame(Task, id, 'name')

  const [conflicts] = useConflicts(Task, id)
  expectTypeOf(conflicts).toEqualTypeOf<readonly Conflict<typeof Task>[]>()
  expectTypeOf(conflicts[0]!.losing[0]!.take()).toEqualTypeOf<Write>()

  const { undo, canRedo, undoLabel, status } = useUndo({ scope: 'user', in: '/data/inbox', suspense: false })
  expectTypeOf(undo()).toEqualTypeOf<Write>()
  expectTypeOf(canRedo).toEqualTypeOf<boolean>()
  expectTypeOf(undoLabel).toEqualTypeOf<string | undefined>()
  expectTypeOf(status).toEqualTypeOf<HistoryStatus>()
  // @ts-expect-error no such scope
  useUndo({ scope: 'everybody' })

  expectTypeOf(useRepositoryHistory()).toEqualTypeOf<History>()
  expectTypeOf(useRepositoryHistory({ in: '/data/inbox' })).toEqualTypeOf<History>()
  expectTypeOf(useRepositoryHistory({ suspense: false })).toEqualTypeOf<History | undefined>()
}

/** Code that knows any schema of a kind. */
export function useNamed<S extends typeof Task>(schema: S, id: string): Snapshot<S> | undefined {
  return useItem(schema, id)[0]
}

/** Events are no data, whether React's or the page's. */
export function Wrong({ id }: { id: string }): ReactElement {
  const [, setTask] = useItem(Task, id)
  const tasks = useCollection(Task)
  return (
    <>
      {/* @ts-expect-error an event is not a patch */}
      <button onClick={setTask} />
      {/* @ts-expect-error an event is not a task */}
      <button onClick={tasks.create} />
      <button onClick={() => setTask({ done: true })} />
    </>
  )
}

export function Providers(): ReactElement {
  return (
    <>
      <StoreProvider store={store} />
      <StoreProvider store={store} fallback="Opening…">
        text, <b>elements</b>, {[1, 2]}
        <RepositoryProvider path="/data/inbox">text</RepositoryProvider>
      </StoreProvider>
      <StoreProvider create={() => createStore({ schemas: [Task], server: false })} fallback={<p />} />
      <TimeTravel at={moment}>text</TimeTravel>
      <TimeTravel at={null} in="/data/inbox">
        text, <b>elements</b>
      </TimeTravel>
      {/* @ts-expect-error when? */}
      <TimeTravel>text</TimeTravel>
      {/* @ts-expect-error a text is no moment */}
      <TimeTravel at="start">text</TimeTravel>
      {/* @ts-expect-error one of the two */}
      <StoreProvider fallback={<p />} />
      {/* @ts-expect-error not both */}
      <StoreProvider store={store} create={() => store} />
      {/* @ts-expect-error a store must be there at once */}
      <StoreProvider create={async () => store} />
      {/* @ts-expect-error a store is not its options */}
      <StoreProvider store={{ schemas: [Task] }} />
      {/* @ts-expect-error which one? */}
      <RepositoryProvider>text</RepositoryProvider>
    </>
  )
}
