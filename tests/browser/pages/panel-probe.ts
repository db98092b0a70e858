/** A page of the extension that is a panel without a face: tests ask it what it knows. */
import { connectToTab, inspectedTab } from '../../../devtools-extension/panel/pages.js'
import type { InspectedStore } from '../../../src/inspect/face.js'

const pages = connectToTab(inspectedTab())
const { inspection } = pages

function storeNamed(name: string): InspectedStore {
  const store = inspection.stores.get().find((each) => each.name === name)
  if (!store) throw new Error(`There is no store '${name}'.`)
  return store
}

const probe = {
  pages,
  access: () => pages.access.get(),
  stores: () =>
    inspection.stores
      .get()
      .map(({ name, standing }) => `${name} ${standing.get().state}`)
      .sort(),
  frames: () => inspection.pages.get().map(({ top, state }) => `${top ? 'top' : 'frame'} ${state}`),
  ids: () => inspection.stores.get().map(({ id }) => id),
  commits: (name: string) => storeNamed(name).repositories.get()[0]?.commits ?? 0,
  /** Copies the store's repository, and keeps the copy up to date. */
  async copy(name: string): Promise<void> {
    const store = storeNamed(name)
    while (!store.data.get()) await new Promise((resolve) => setTimeout(resolve, 10))
    await store.data.get()!.ready()
  },
  /** The rows of the copy. */
  rows(name: string): readonly object[] {
    const data = storeNamed(name).data.get()
    return data?.isReady()
      ? data
          .collection(data.schemas[0]!)
          .query({ orderBy: '$id' as never })
          .get()
      : []
  },
  events: (name: string) =>
    storeNamed(name)
      .events.get()
      .map(({ kind }) => kind),
  command: (name: string, ...args: Parameters<InspectedStore['command']>) => storeNamed(name).command(...args),
}

Object.assign(globalThis, { probe })

export type Probe = typeof probe
declare global {
  var probe: Probe
}
