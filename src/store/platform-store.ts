/** The store on its platform: everything that `createStore` loads when the first repository opens. */
import { requireRepositoryPath } from '../ids.js'
import { announce } from '../inspect/announce.js'
import type { Surroundings } from '../ports.js'
import type { Store } from './face.js'
import type { StoreOptions } from './options.js'
import { abandonFrom, destroyFolder, exclusively, startEngine } from './engine.js'
import { browserPorts, type StorePorts } from './ports.js'
import { AppStore } from './store.js'
import { platformSurroundings } from './surroundings.js'

/** Makes the store of these options, which were checked, and begins to open it. `face`: what the app holds of it. */
export function openPlatformStore(options: StoreOptions, face?: Store): AppStore {
  const { name = 'main', repository = '/data/main', server = '/ibex', storage = 'auto', token } = options
  const ports = { ...browserPorts(), ...options.ports }
  let told = false
  const absent = (): void => {
    if (!told)
      console.info(`Ibex: no server answers at ${server}. All is kept on this device, and sent as soon as one does.`)
    told = true
  }
  const store = new AppStore({
    name,
    schemas: options.schemas,
    repository: requireRepositoryPath(repository),
    hasServer: server !== false,
    surroundings: () => surroundingsOf(options.ports),
    texts: ports.leftovers,
    page: ports.page,
    abandon: (folder, next, destroy) => abandonFrom({ folder, storage, ports }, next, destroy),
    alone: (work) => exclusively(ports, `ibex tidy ${name}`, work),
    destroy: (folder) => destroyFolder({ folder, storage, ports }),
    start: (backing) =>
      startEngine({
        schemas: options.schemas,
        ...backing,
        server: server === false ? undefined : server,
        token: async () => (typeof token === 'function' ? token() : token),
        absent,
        storage,
        history: options.history,
        ports,
      }),
  })
  const { devtools } = options
  if (devtools) devtools(store as never, face)
  else if (devtools === undefined) {
    // Written so that bundlers see that in production nothing of it is needed; where there is none there is no `process`.
    try {
      if (process.env.NODE_ENV !== 'production') announce(store, { load: () => import('../inspect/agent.js'), face })
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error
    }
  }
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
