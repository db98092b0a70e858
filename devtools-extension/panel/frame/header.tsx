/** Which store and repository, and how they are. */
import type { ReactNode } from 'react'
import type { InspectedStore, StoreStanding } from '../../../src/inspect/face.js'
import { Icon } from '../look/icons.js'
import { type Choice, usePanel } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { bytesOf, countNoun, countOf } from '../time/format-time.js'
import { usePanelShape } from './shape.js'

export function Header({ choice, children }: { choice: Choice; children?: ReactNode }): ReactNode {
  const panel = usePanel()
  const { stores, store, paths, path } = choice
  return (
    <div className="bar header">
      <Picker
        label="Store"
        value={store?.id ?? ''}
        options={stores.map((each) => [each.id, nameOf(each, stores)])}
        onChange={(id) => {
          const picked = stores.find((each) => each.id === id)
          if (picked) panel.chosen.set({ store: { id, name: picked.name } })
        }}
      />
      <Picker
        label="Repository"
        value={path ?? ''}
        options={paths.map((each) => [each, each])}
        onChange={(picked) => panel.chosen.set({ ...panel.chosen.get(), path: picked })}
      />
      <span className="grow" />
      {store && path !== undefined && <Signs key={store.id} store={store} path={path} />}
      <button
        type="button"
        className="tool"
        title="All keys (?)"
        aria-label="All keys"
        onClick={() => panel.help.set(true)}
      >
        <Icon name="keyboard" />
      </button>
      {children}
    </div>
  )
}

/** The store's name, with the page's where several stores have the same. */
function nameOf(store: InspectedStore, stores: readonly InspectedStore[]): string {
  const twins = stores.filter(({ name }) => name === store.name)
  if (twins.length < 2) return store.name
  const { title, url } = store.page.get()
  const pages = new Set(twins.map(({ page }) => page.get().id))
  return pages.size > 1 ? `${store.name} — ${title || url}` : `${store.name} #${twins.indexOf(store) + 1}`
}

interface PickerProps {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, text: string])[]
  readonly onChange: (value: string) => void
}

function Picker({ label, value, options, onChange }: PickerProps): ReactNode {
  return (
    <label className="picker" title={label}>
      <span className="unseen">{label}</span>
      <select value={value} disabled={options.length === 0} onChange={(event) => onChange(event.target.value)}>
        {options.length === 0 && <option value="">No {label.toLowerCase()}</option>}
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  )
}

/** Connection, what waits, with whom it talks, where it lies. */
function Signs({ store, path }: { store: InspectedStore; path: string }): ReactNode {
  const panel = usePanel()
  const shape = usePanelShape()
  const standing = useLive(store.standing)
  const about = useLive(store.about)
  const repositories = useLive(store.repositories)
  const sync = useLive(store.sync)
  const storage = useLive(store.storage)
  const troubles = useLive(store.troubles)
  const repository = repositories.find((each) => each.path === path)
  const peers = sync?.lines.filter(({ until }) => until === null).length ?? 0
  const pending = repository?.pending ?? 0
  const isNarrow = shape === 'narrow'
  return (
    <div className="signs">
      {standing.state === 'connected' ? (
        <Connection
          connection={sync?.connection}
          offline={sync?.offline ?? false}
          hasServer={about?.hasServer ?? true}
        />
      ) : (
        <Away state={standing.state} />
      )}
      {troubles.rejected.length > 0 && (
        <button type="button" className="badge is-bad" onClick={() => panel.view.set('rejected')}>
          <Icon name="refused" />
          {countNoun(troubles.rejected.length, 'refusal')}
        </button>
      )}
      {pending > 0 && (
        <span className="badge is-wait" title="Actions that the authority has not accepted yet">
          <Icon name="clock" />
          {countOf(pending)} pending
        </span>
      )}
      {!isNarrow && sync && (
        <button type="button" className="sign-text" onClick={() => panel.view.set('sync')}>
          {countNoun(peers, 'peer')}
        </button>
      )}
      {!isNarrow && storage && (
        <button
          type="button"
          className="sign-text"
          title="Where the store keeps its data, and the size of this repository's commits"
          onClick={() => panel.view.set('storage')}
        >
          {MODES[storage.mode] ?? storage.mode} {repository && bytesOf(repository.bytes)}
        </button>
      )}
    </div>
  )
}

function Away({ state }: Pick<StoreStanding, 'state'>): ReactNode {
  if (state === 'recorded') return <span className="badge">recording</span>
  return <span className="badge is-wait">{state === 'gone' ? 'page gone' : 'reconnecting …'}</span>
}

const MODES: Readonly<Record<string, string>> = {
  opfs: 'OPFS',
  indexeddb: 'IndexedDB',
  memory: 'Memory',
  file: 'File',
  opening: 'Opening',
}

const WORDS: Readonly<Record<string, readonly [word: string, kind: string]>> = {
  online: ['online', 'good'],
  connecting: ['connecting …', 'wait'],
  offline: ['offline', 'wait'],
  refused: ['refused', 'bad'],
  local: ['this device only', 'soft'],
}

interface ConnectionProps {
  readonly connection: string | undefined
  readonly offline: boolean
  readonly hasServer: boolean
}

function Connection({ connection = 'connecting', offline, hasServer }: ConnectionProps): ReactNode {
  const [word, kind] = WORDS[offline ? 'offline' : hasServer ? connection : 'local'] ?? [connection, 'soft']
  return (
    <span className={`connection ${kind}`}>
      <span className="dot" data-off={kind !== 'good'} />
      {word}
    </span>
  )
}
