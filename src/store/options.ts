/** What `createStore` takes. */
import type { AnySchema } from '../schema/schema.js'
import type { Storage } from '../storage/port.js'
import type { Store } from './face.js'
import type { StorePorts } from './ports.js'

/** Opens a store to devtools: what `inspectable()` of `ibex-state/inspect` makes. */
export type Inspectable = (store: never, face?: Store) => void

export interface StoreOptions {
  /** Every schema that the app uses; one of each name. */
  readonly schemas: readonly AnySchema[]
  /**
   * Where the server is: a path on the page's own host, or an address. `false`: this device only.
   * Default: `/ibex`, which the Vite plugin and `ibex serve` answer.
   */
  readonly server?: string | false
  /** Names the store on this device; another name is another store. Default: `main`. */
  readonly name?: string
  /** The repository used where none is named. Default: `/data/main`. */
  readonly repository?: string
  /** Where data is kept on this device. `auto` takes the best there is: OPFS, IndexedDB, memory. */
  readonly storage?: 'auto' | 'opfs' | 'indexeddb' | 'memory' | Storage
  /** What the server's `authenticate` gets: a bearer token, or a function that is asked at each connection. */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>)
  /**
   * Whether all of the past comes to this device: `full` (the default), in the background after the present, or `on-demand`,
   * when somebody looks, which spares small devices and slow lines. It is checked either way.
   */
  readonly history?: 'full' | 'on-demand'
  /** Called with each change that the server refuses. See also `store.onRejected`. */
  readonly onRejected?: Parameters<Store['onRejected']>[0]
  /**
   * Whether devtools may look into the store. By default they may in development, and a production build holds nothing for
   * it. `false`: never. What `inspectable()` of `ibex-state/inspect` makes: always, in production too.
   */
  readonly devtools?: false | Inspectable
  /** Replaces what the platform has: clock, chance, network and so on. */
  readonly ports?: StorePorts
}
