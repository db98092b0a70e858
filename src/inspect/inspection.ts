/** The panel's end of its lines: knows the pages and their stores, and gets over the loss of a line. */
import { IbexError } from '../errors.js'
import type { Surroundings, TimerHandle } from '../ports.js'
import { platformSurroundings } from '../store/surroundings.js'
import { messagePortTransport } from '../transport/message-port.js'
import type { Transport } from '../transport/port.js'
import type { InspectedPage, InspectedStore, Inspection } from './face.js'
import { createStoreEnd, type StoreEnd } from './inspected-store.js'
import { type Cell, createCell } from './live.js'
import { decodePage, PAGE_STREAM, type PageAbout, STORE_STREAM } from './page-line.js'
import { servePage } from './page.js'
import { createStreams, type Streams } from './streams.js'

/** A page of which the line broke is taken to be gone after so long. Milliseconds. */
const GONE_MS = 3000
/** A line to a store that broke is made again after so long. Milliseconds. */
const RETRY_MS = 1000

/** An inspection that is given its lines from outside. */
export interface OpenInspection extends Inspection {
  /**
   * There is a line to a document. `frame` names the place where it is: another document there means that the one before is
   * gone. The same document over a new line goes on where it was.
   */
  attach(transport: Transport, frame?: string): void
}

interface PageEnd {
  readonly id: string
  readonly frame: string
  readonly page: Cell<InspectedPage>
  readonly stores: Map<string, StoreEnd>
  streams: Streams | undefined
  expiring: TimerHandle | undefined
}

/** Looks into pages. Nothing happens before it is given a line. */
export function createInspection(surroundings: Surroundings = platformSurroundings()): OpenInspection {
  const { scheduler } = surroundings
  const pages = createCell<readonly InspectedPage[]>([])
  const stores = createCell<readonly InspectedStore[]>([])
  const ends = new Map<string, PageEnd>()
  const lines = new Set<Streams>()
  let closed = false

  function publish(): void {
    const all = [...ends.values()]
    pages.set(all.map(({ page }) => page.get()))
    const found = all.flatMap((end) => Array.from(end.stores.values(), ({ store }) => store))
    const before = stores.get()
    if (found.length !== before.length || found.some((store, at) => store !== before[at])) stores.set(found)
  }

  function remove(end: PageEnd): void {
    if (end.expiring) scheduler.cancel(end.expiring)
    ends.delete(end.id)
    for (const store of end.stores.values()) store.end()
    end.stores.clear()
    publish()
  }

  function endOf(about: PageAbout, frame: string): PageEnd {
    const known = ends.get(about.id)
    if (known) return known
    for (const other of ends.values()) if (other.frame === frame) remove(other)
    const end: PageEnd = {
      id: about.id,
      frame,
      page: createCell(pageOf(about, 'connected')),
      stores: new Map(),
      streams: undefined,
      expiring: undefined,
    }
    ends.set(about.id, end)
    return end
  }

  function told(about: PageAbout, streams: Streams, frame: string): void {
    const end = endOf(about, frame)
    if (end.expiring) scheduler.cancel(end.expiring)
    end.expiring = undefined
    const isNew = end.streams !== streams
    end.streams = streams
    end.page.set(pageOf(about, 'connected'))
    for (const [id, store] of end.stores) {
      if (about.stores.some((each) => each.id === id)) continue
      store.end()
      end.stores.delete(id)
    }
    for (const { id, name } of about.stores) {
      const known = end.stores.get(id)
      if (known && !isNew) continue
      const store = known ?? createStoreEnd({ id, name, page: end.page, surroundings, lost: () => again(end, id) })
      end.stores.set(id, store)
      store.connect(streams.open(`${STORE_STREAM}${id}`))
    }
    publish()
  }

  /** The line to a store broke, perhaps not that to its page. */
  function again(end: PageEnd, id: string): void {
    scheduler.after(RETRY_MS, () => {
      const store = end.stores.get(id)
      if (end.streams && store?.store.standing.get().state === 'lost') {
        store.connect(end.streams.open(`${STORE_STREAM}${id}`))
      }
    })
  }

  function lost(streams: Streams): void {
    lines.delete(streams)
    for (const end of ends.values()) {
      if (end.streams !== streams) continue
      end.streams = undefined
      end.page.set({ ...end.page.get(), state: 'lost' })
      end.expiring = scheduler.after(GONE_MS, () => remove(end))
      publish()
    }
  }

  return {
    pages,
    stores,
    attach(transport, frame = 'page') {
      if (closed) {
        transport.close('The panel was closed.')
        return
      }
      const streams = createStreams({
        transport,
        opened: (stream) => stream.close('not expected'),
        closed: () => lost(streams),
      })
      lines.add(streams)
      const page = streams.open(PAGE_STREAM)
      page.onMessage((bytes) => {
        try {
          told(decodePage(bytes), streams, frame)
        } catch (error) {
          if (!(error instanceof IbexError)) throw error
          streams.close(error.message)
        }
      })
    },
    close() {
      closed = true
      for (const streams of lines) streams.close('The panel was closed.')
      for (const end of ends.values()) remove(end)
    },
  }
}

/** Looks into the page at the other end of a port or transport. */
export function connectToPage(port: MessagePort | Transport): OpenInspection {
  const inspection = createInspection()
  inspection.attach('postMessage' in port ? messagePortTransport(port) : port)
  return inspection
}

/** Looks into the page in which this runs, as the dock does. */
export function inspectOwnPage(): OpenInspection {
  const { port1, port2 } = new MessageChannel()
  servePage(messagePortTransport(port1))
  return connectToPage(port2)
}

function pageOf({ id, url, title, top }: PageAbout, state: InspectedPage['state']): InspectedPage {
  return { id, url, title, top, state }
}
