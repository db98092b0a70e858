/** The store on its platform: everything that `createStore` loads when the first repository opens. */
import { requireRepositoryPath } from '../ids.js'
import type { Surroundings } from '../ports.js'
import type { StoreOptions } from './options.js'
import { destroyFolder, startEngine } from './engine.js'
import { browserPorts, type StorePorts } from './ports.js'
import { AppStore } from './store.js'
import { platformSurroundings } from './surroundings.js'

/** Makes the store of these options, which were checked, and begins to open it. */
export function openPlatformStore(options: StoreOptions): AppStore {
  const { name = 'main', repository = '/data/main', server = '/ibex', storage = 'auto', token } = options
  const ports = { ...browserPorts(), ...options.ports }
  const store = new AppStore({
    name,
    schemas: options.schemas,
    repository: requireRepositoryPath(repository),
    hasServer: server !== false,
    surroundings: () => surroundingsOf(options.ports),
    texts: ports.leftovers,
    page: ports.page,
    destroy: (folder) => destroyFolder({ folder, storage, ports }),
    start: (backing) =>
      startEngine({
        schemas: options.schemas,
        ...backing,
        server: server === false ? undefined : server,
        token: async () => (typeof token === 'function' ? token() : token),
        storage,
        ports,
      }),
  })
  store.begin()
  return store
}

function surroundingsOf(ports: StorePorts = {}): Surroundings {
  const { clock, random, scheduler } = ports
  if (clock && random && scheduler) return { clock, random, scheduler }
  return {
    ...platformSurroundings(),
    ...(clock && { clock }),
    ...(random && { random }),
    ...(scheduler && { scheduler }),
  }
}
