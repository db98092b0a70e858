/** A store over a replica that is there already: without a page, without other tabs, and with nothing to wait for. */
import type { RepositoryPath } from '../ids.js'
import type { Surroundings } from '../ports.js'
import type { AnySchema } from '../schema/schema.js'
import type { StorageMode } from '../storage/port.js'
import type { Engine } from './engine.js'
import type { Replica } from './replica.js'
import type { Opened } from './replica-options.js'
import { AppStore } from './store.js'

export interface ReplicaStoreOptions {
  readonly name: string
  readonly schemas: readonly AnySchema[]
  readonly repository: RepositoryPath
  readonly surroundings: Surroundings
  /** Default: `memory`, and then repositories open at once. */
  readonly storageMode?: StorageMode
  /** Puts into a repository what it begins with. */
  fill?(opened: Opened): void
}

/** Makes the store and begins to open its repository. Closing it closes the replica. */
export function createReplicaStore(replica: Replica, options: ReplicaStoreOptions): AppStore {
  const { name, schemas, repository, surroundings, storageMode = 'memory' } = options
  const engine: Engine = {
    replica,
    storageMode,
    keyExtractable: replica.options.key.extractable,
    persisted: false,
    open(made) {
      if (storageMode !== 'memory') return replica.open(made)
      const opened = replica.openInMemory(made)
      options.fill?.(opened)
      return opened
    },
    paths: () => Promise.resolve([]),
    abandon: () => {},
    close: () => replica.close(),
  }
  const store = new AppStore({
    name,
    schemas,
    repository,
    hasServer: replica.options.server !== undefined,
    surroundings: () => surroundings,
    texts: undefined,
    page: undefined,
    start: () => engine,
  })
  store.begin()
  return store
}
