/**
 * `createStore`: the app's hold on its data. Only this much has to arrive before the app can start; the store itself is
 * loaded when the first repository opens, which the app waits for anyway.
 */
import { IbexError } from '../errors.js'
import type { AnySchema } from '../schema/schema.js'
import type { Store } from './face.js'
import { createLaterStore } from './later-store.js'
import type { StoreOptions } from './options.js'

/** Makes a store and begins to open it. Throws `bad-option`, `duplicate-schema`, `malformed-path`. */
export function createStore(options: StoreOptions): Store {
  check(options)
  const { storage = 'auto', ports, onRejected } = options
  const store = createLaterStore(options, () =>
    import('./platform-store.js').then((module) => module.openPlatformStore(options, store)),
  )
  if (onRejected) store.onRejected(onRejected)
  // A store that only renders on a server has no page, and is given no storage: there is nothing to open.
  const idle = typeof document === 'undefined' && ports === undefined && storage === 'auto'
  // In the next task, so that a store that is closed at once opens nothing.
  if (!idle) queueMicrotask(() => store.begin())
  return store
}

function check(options: StoreOptions): void {
  const { schemas, name, server } = options ?? {}
  if (!Array.isArray(schemas) || schemas.length === 0) {
    throw new IbexError('bad-option', 'createStore({ schemas: [Task] }) needs at least one schema.')
  }
  const names = new Set<string>()
  for (const schema of schemas as readonly AnySchema[]) {
    if (typeof schema?.name !== 'string' || typeof schema.fields !== 'object') {
      throw new IbexError('bad-option', 'createStore({ schemas }) takes what defineSchema() returns.')
    }
    if (names.has(schema.name)) {
      throw new IbexError('duplicate-schema', `Two schemas of this store are called '${schema.name}'. Rename one.`)
    }
    names.add(schema.name)
  }
  if (name !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    throw new IbexError('bad-option', `'${name}' cannot name a store: use 1 to 64 characters of A-Z a-z 0-9 _ -.`)
  }
  if (options.history !== undefined && options.history !== 'full' && options.history !== 'on-demand') {
    throw new IbexError('bad-option', "createStore({ history }) takes 'full' or 'on-demand'.")
  }
  if (server !== undefined && server !== false && typeof server !== 'string') {
    throw new IbexError('bad-option', "createStore({ server }) takes a path like '/ibex', an address, or false.")
  }
}
