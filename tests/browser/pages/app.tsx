/**
 * A small app over a real store; tests drive it by its interface, and from outside by `page.evaluate`. Its address says what
 * store it makes: see `AppOptions`.
 */
import { createStore, defineSchema, field, IbexError, type Rejection, type Snapshot, type Status } from 'ibex-state'
import { StoreProvider, useCollection, useIds, useItem, useStatus } from 'ibex-state/react'
import { Component, type ReactElement, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'

export interface AppOptions {
  /** Where the server is; absent: this device only. */
  server?: string
  storage?: 'auto' | 'opfs' | 'indexeddb' | 'memory'
  /** `changed`: a field has another kind than the app's other builds gave it. */
  schema?: 'changed'
  /** The past comes when somebody looks. */
  history?: 'on-demand'
  /** Starts without network. */
  offline?: 'yes'
}

const options = Object.fromEntries(new URLSearchParams(location.search)) as AppOptions

const fields = {
  title: field.string().default(''),
  body: field.string().default(''),
  priority: field.enum(['low', 'high']).default('low'),
  done: field.boolean().default(false),
  tags: field.set(field.string()),
  votes: field.counter(),
  notes: field.map(field.string()),
}
/** What another build of the app makes of it. */
const changed = { ...fields, done: field.string().default('') } as unknown as typeof fields
const Issue = defineSchema('issue', options.schema === 'changed' ? changed : fields)
const store = createStore({
  schemas: [Issue],
  server: options.server ?? false,
  storage: options.storage ?? 'auto',
  ...(options.history && { history: options.history }),
})
if (options.offline) store.setOffline(true)
const issues = store.collection(Issue)
const rejections: Rejection[] = []
store.onRejected((rejection) => rejections.push(rejection))

/** Keeps a lock of its own, by which this tab is known among those that hold or await the store's. */
let tab: Promise<string | undefined> | undefined
async function clientId(): Promise<string | undefined> {
  const name = `tab ${Math.random()}`
  await new Promise<void>((held) => void navigator.locks.request(name, () => new Promise(() => held())))
  return (await navigator.locks.query()).held?.find((lock) => lock.name === name)?.clientId
}

const app = {
  store,
  schema: Issue,
  issues,
  rejections,
  status: (): Status => store.status(),
  all: (): Snapshot<typeof Issue>[] => [...issues.query({ orderBy: '$id' }).get()],
  /** All that is there, as plain data: equal on two devices that have converged. */
  state: (): string => JSON.stringify(app.all()),
  get: (id: string) => issues.require(id),
  titles: (): string[] => app.all().map(({ title }) => title),
  /** Creates issues, each as an action of its own, and counts them in the counter of one issue. */
  createCounted(titles: readonly string[], counterId: string): void {
    for (const title of titles) {
      store.transact(() => {
        issues.create({ title })
        issues.update(counterId, (draft) => draft.votes.increment())
      })
    }
  },
  /** The ids of all commits that are here. */
  async commits(): Promise<string[]> {
    return (await store.export()).repositories.flatMap(({ commits }) => [...commits])
  },
  /** Whether this tab owns storage and network. */
  async leads(): Promise<boolean> {
    const id = await (tab ??= clientId())
    const { held = [] } = await navigator.locks.query()
    return held.some((lock) => lock.clientId === id && /^ibex main(-\w+)?$/.test(lock.name ?? ''))
  },
}
export type App = typeof app

declare global {
  var app: App
}
globalThis.app = app

function Issues(): ReactElement {
  const ids = useIds(Issue, { orderBy: '$id' })
  const { create } = useCollection(Issue)
  return (
    <>
      <button onClick={() => create({ title: 'New' })}>Add</button>
      <ul>
        {ids.map((id) => (
          <Row key={id} id={id} />
        ))}
      </ul>
    </>
  )
}

function Row({ id }: { id: string }): ReactElement | null {
  const [issue, setIssue] = useItem(Issue, id)
  if (!issue) return null
  return (
    <li id={id}>
      <input value={issue.title} onChange={(event) => setIssue({ title: event.target.value })} />
      <button onClick={() => setIssue((draft) => draft.votes.increment())}>{issue.votes}</button>
    </li>
  )
}

function StatusLine(): ReactElement {
  const { connection, pending, storageMode, error } = useStatus()
  return (
    <output>
      {connection}, {pending} pending, {storageMode}
      {error && `, ${error.code}`}
    </output>
  )
}

/** Shows why the store could not be opened, and the way out. */
class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: undefined as unknown }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    const reset = async (): Promise<void> => {
      await store.reset()
      this.setState({ error: undefined })
    }
    return (
      <>
        <p role="alert">
          {error instanceof IbexError ? `${error.code}: ${error.message}` : 'Something else went wrong.'}
        </p>
        <button onClick={() => void reset()}>Reset</button>
      </>
    )
  }
}

createRoot(document.getElementById('root')!).render(
  <Boundary>
    <StoreProvider store={store} fallback={<p>Opening</p>}>
      <Issues />
      <StatusLine />
    </StoreProvider>
  </Boundary>,
)
