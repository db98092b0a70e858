/** The page's end of the line: tells a panel which stores are here, and joins it to those that it wants to talk to. */
import { messagePortTransport } from '../transport/message-port.js'
import type { Transport } from '../transport/port.js'
import { encodePage, PAGE_STREAM, type PageAbout, STORE_STREAM } from './page-line.js'
import { openRegistry, type Registry } from './registry.js'
import { createStreams } from './streams.js'

/** Names this document among all that a panel sees. */
const DOCUMENT = `${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`

/** Talks to a panel over a transport, until that ends. */
export function servePage(transport: Transport, registry: Registry = openRegistry()): void {
  let told: Transport | undefined

  function tell(): void {
    told?.send(encodePage(describe(registry)))
  }

  registry.watchers.add(tell)
  createStreams({
    transport,
    opened(stream, purpose) {
      if (purpose === PAGE_STREAM) {
        told = stream
        tell()
        return
      }
      const id = purpose.startsWith(STORE_STREAM) ? purpose.slice(STORE_STREAM.length) : undefined
      const found = Array.from(registry.stores).find((announced) => announced.id === id)
      if (!found) {
        stream.close('There is no such store in this page.')
        return
      }
      const { port1, port2 } = new MessageChannel()
      join(stream, messagePortTransport(port1))
      found.serve(port2)
    },
    closed: () => registry.watchers.delete(tell),
  })
}

function describe({ stores }: Registry): PageAbout {
  const { location: place, document: page } = globalThis as Partial<typeof globalThis>
  return {
    id: DOCUMENT,
    url: place?.href ?? '',
    title: page?.title ?? '',
    top: globalThis === (globalThis as { top?: unknown }).top || place === undefined,
    stores: Array.from(stores, ({ id, name, release, since }) => ({ id, name, release, since })),
  }
}

/** Makes two transports one. */
function join(a: Transport, b: Transport): void {
  a.onMessage((bytes) => b.send(bytes))
  b.onMessage((bytes) => a.send(bytes))
  a.onClose(({ message }) => b.close(message))
  b.onClose(({ message }) => a.close(message))
}
