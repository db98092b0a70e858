/**
 * In the page's own world, before its scripts: is there for the stores to announce themselves to, and joins panels to them.
 * Stays silent in pages without a store.
 */
import { servePage } from '../../src/inspect/page.js'
import { openRegistry } from '../../src/inspect/registry.js'
import { createTextLine } from '../../src/inspect/text-line.js'
import { endAsText, listen, pieceAsText, readText, say } from '../hops/page-hook-content-script.js'

/** Says that this script ran here already: it is brought in when a page loads, and when a panel comes. */
const HERE = Symbol.for('ibex-state.page-hook')

function begin(): void {
  const { stores, watchers } = openRegistry()
  let told = false

  function tell(): void {
    if (stores.size === 0 || told) return
    told = true
    say('page-hook', { type: 'stores-here' })
  }

  watchers.add(tell)
  tell()
  listen('content-script', (message, port) => {
    if (message.type === 'connect' && port) serve(port)
    else if (message.type === 'any-stores') {
      told = false
      tell()
    }
  })
}

/** A panel wants to talk over this port. */
function serve(port: MessagePort): void {
  const line = createTextLine({
    send: (piece) => port.postMessage(pieceAsText(piece)),
    close(reason) {
      port.postMessage(endAsText(reason))
      port.close()
    },
  })
  port.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const piece = readText(data)
    if (typeof piece !== 'string') line.receive(piece)
    else {
      port.close()
      line.end(piece)
    }
  })
  port.start()
  servePage(line.transport)
}

const page = globalThis as { [HERE]?: true }
if (!page[HERE]) {
  page[HERE] = true
  begin()
}
