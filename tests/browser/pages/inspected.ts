/** A page with as many stores as its address names (`?stores=a,b`), and a frame with others (`&frame=c`). */
import { createStore, defineSchema, field, type Store } from 'ibex-state'

const Note = defineSchema('note', { text: field.string(), tags: field.set(field.string()) })

const params = new URLSearchParams(location.search)
const stores: Record<string, Store> = {}

/** Another store, in memory. */
function open(name: string): Promise<void> {
  stores[name] = createStore({ name, schemas: [Note], server: false, storage: 'memory' })
  return stores[name].ready()
}

const inspected = {
  open,
  async write(name: string, text: string, id?: string): Promise<void> {
    stores[name]!.collection(Note).create({ text }, id === undefined ? {} : { id })
    await stores[name]!.flush()
  },
  /** So many notes of so many characters, each a commit; no two are alike. */
  async fill(name: string, count: number, length: number): Promise<void> {
    const notes = stores[name]!.collection(Note)
    for (let n = 0; n < count; n++) {
      notes.create({ text: `note ${n} `.padEnd(length, String.fromCharCode(97 + (n % 26))) })
      await stores[name]!.flush()
    }
  },
  close: (name: string): Promise<void> => stores[name]!.close(),
}

Object.assign(globalThis, { inspected })
for (const name of (params.get('stores') ?? '').split(',').filter(Boolean)) await open(name)
const frame = params.get('frame')
if (frame !== null) {
  const inner = document.createElement('iframe')
  inner.src = `?stores=${frame}`
  document.body.append(inner)
}
document.title = 'ready'

export type Inspected = typeof inspected
declare global {
  var inspected: Inspected
}
