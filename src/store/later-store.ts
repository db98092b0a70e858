/** Stands for a store while its code is on the way: what can be answered at once is, the rest waits or is refused. */
import { asIbexError, IbexError } from '../errors.js'
import { requireRepositoryPath, spaceOf } from '../ids.js'
import type { AnySchema } from '../schema/schema.js'
import { notReady } from '../repository/not-ready.js'
import { requireKnownSchema } from '../schema/known.js'
import { Signal, type Unsubscribe } from '../signal.js'
import type { Collection } from './collection-face.js'
import type { Status, Store } from './face.js'
import type { StoreOptions } from './options.js'

/** A store that begins to load when it is told to, or when somebody needs it. */
export interface LaterStore extends Store {
  begin(): void
}

interface Handle {
  readonly collection: Collection<AnySchema>
  arrive(real: Collection<AnySchema>): void
}

/** `load` brings the store itself; it is called once. */
export function createLaterStore(options: StoreOptions, load: () => Promise<Store>): LaterStore {
  const { schemas, name = 'main', server = '/ibex' } = options
  const repository = requireRepositoryPath(options.repository ?? '/data/main')
  const handles = new Map<string, Handle>()
  /** How repositories stand before the store is there. */
  const statuses = new Map<string, Status>()
  const changed = new Signal()
  let real: Store | undefined
  let loading: Promise<Store> | undefined
  let failure: IbexError | undefined
  let closed = false
  let offline = false

  function begin(): Promise<Store> {
    if (loading) return loading
    loading = load().then(
      async (store) => {
        if (closed) {
          await store.close()
          throw new IbexError('store-closed', 'The store was closed.')
        }
        real = store
        if (offline) store.setOffline(true)
        for (const [key, handle] of handles) handle.arrive(realCollection(store, key, handle.collection.schema))
        changed.emit()
        return store
      },
      (cause: unknown) => {
        // A chunk that could not be loaded may be there at the next attempt.
        loading = undefined
        failure = asIbexError(cause, 'unreachable', 'The store could not be loaded.')
        statuses.clear()
        changed.emit()
        throw failure
      },
    )
    loading.catch(() => {})
    return loading
  }

  const pathOf = (path: string | undefined): string => (path === undefined ? repository : requireRepositoryPath(path))

  return {
    name,
    schemas,
    repository,
    begin: () => void begin(),
    collection<S extends AnySchema>(schema: S, { in: path }: { readonly in?: string | undefined } = {}) {
      const at = pathOf(path)
      if (spaceOf(at as never) === 'sys') throw new IbexError('forbidden', `${at} is the authority's own.`)
      requireKnownSchema(schemas, schema)
      const key = `${at} ${schema.name}`
      let handle = handles.get(key)
      if (!handle) {
        handle = createHandle(schema, at, (subscribe, listener) => {
          void begin()
          return onceReal(subscribe, listener)
        })
        handles.set(key, handle)
        if (real) handle.arrive(realCollection(real, key, schema))
      }
      return handle.collection as unknown as Collection<S>
    },
    transact: (fn, how) => (real ?? notReady(pathOf(how?.in))).transact(fn, how),
    async ready(path) {
      const at = pathOf(path)
      await (await begin()).ready(at)
    },
    isReady: (path) => real?.isReady(pathOf(path)) ?? false,
    flush: async () => real?.flush(),
    synced: async () => real?.synced(),
    status(path) {
      const at = pathOf(path)
      if (real) return real.status(at)
      let status = statuses.get(at)
      if (!status) {
        const connection = server === false || at.startsWith('/local/') ? 'local' : offline ? 'offline' : 'connecting'
        statuses.set(at, (status = Object.freeze({ ...BEFORE, connection, error: failure })))
      }
      return status
    },
    subscribeStatus: (listener, path) => onceReal((store) => store.subscribeStatus(listener, pathOf(path)), listener),
    setOffline(off) {
      offline = off
      statuses.clear()
      if (real) real.setOffline(off)
      else changed.emit()
    },
    onRejected: (listener) => onceReal((store) => store.onRejected(listener)),
    async history(how) {
      const at = pathOf(how?.in)
      return (await begin()).history({ in: at })
    },
    record: async (range, how) => (await begin()).record(range, { ...how, in: pathOf(how?.in) }),
    export: async () => (await begin()).export(),
    reset: async () => (await begin()).reset(),
    signOut: async () => (await begin()).signOut(),
    async close() {
      closed = true
      await real?.close()
    },
  }

  /** Subscribes to the store itself as soon as it is there. */
  function onceReal(subscribe: (store: Store) => Unsubscribe, meanwhile?: () => void): Unsubscribe {
    if (real) return subscribe(real)
    let stopped = false
    let stopReal: Unsubscribe | undefined
    const stop = changed.subscribe(() => {
      if (real && !stopReal && !stopped) stopReal = subscribe(real)
      meanwhile?.()
    })
    return () => {
      stopped = true
      stop()
      stopReal?.()
    }
  }
}

/** The handle of a collection, which becomes the collection itself when that is there. */
function createHandle(
  schema: AnySchema,
  path: string,
  later: (subscribe: () => Unsubscribe, meanwhile: () => void) => Unsubscribe,
): Handle {
  let real: Collection<AnySchema> | undefined
  const now = (): Collection<AnySchema> => real ?? notReady(path)
  const collection: Collection<AnySchema> = {
    schema,
    path,
    get: (id) => real?.get(id),
    require: (id) => now().require(id),
    create: (data, options) => now().create(data, options),
    createMany: (data) => now().createMany(data),
    update: (id, edit) => now().update(id, edit),
    delete: (id) => now().delete(id),
    restore: (id) => now().restore(id),
    query: (query) => now().query(query),
    statusOf: (id) => real?.statusOf(id) ?? 'loading',
    subscribe: (id, listener) =>
      real ? real.subscribe(id, listener) : later(() => now().subscribe(id, listener), listener),
  }
  return {
    collection,
    arrive(arrived) {
      real = arrived
      Object.assign(collection, arrived)
    },
  }
}

function realCollection(store: Store, key: string, schema: AnySchema): Collection<AnySchema> {
  return store.collection(schema, { in: key.slice(0, key.indexOf(' ')) })
}

const BEFORE: Omit<Status, 'connection' | 'error'> = {
  ready: false,
  complete: false,
  pending: 0,
  storageMode: 'opening',
  keyExtractable: false,
  persisted: false,
  peers: 0,
  rejected: [],
  problems: [],
  history: { state: 'partial', here: 0, verified: 0, total: 0, firstBad: undefined },
}
