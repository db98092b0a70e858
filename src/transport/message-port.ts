import { createInbox, TOO_MANY } from './inbox.js'
import type { Transport } from './port.js'

/** What is used of a `MessagePort`, of a browser or of Node. */
export interface MessagePortLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  start(): void
  close(): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: () => void): void
}

/**
 * A transport between two tabs, or a tab and its panel. A port does not tell when the other side was killed (only new
 * browsers fire `close`): who must know watches a Web Lock, or asks for signs of life.
 *
 * A message goes as its buffer, the end as a string: its reason.
 */
export function messagePortTransport(port: MessagePortLike): Transport {
  const inbox = createInbox()

  function close(reason: string = ''): void {
    if (inbox.closed) return
    port.postMessage(reason, [])
    port.close()
    inbox.end({ message: reason }, true)
  }

  port.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') {
      port.close()
      inbox.end({ message: data })
    } else if (!inbox.receive(new Uint8Array(data as ArrayBuffer))) close(TOO_MANY)
  })
  port.addEventListener('close', () => inbox.end({ message: 'the port was closed' }))
  port.start()

  return {
    send(bytes) {
      if (inbox.closed) return
      // Moved, not copied; and of a view only what it shows.
      const { buffer } = bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice()
      port.postMessage(buffer, [buffer as ArrayBuffer])
    },
    // A port takes everything at once and does not tell what the other side has read.
    buffered: 0,
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    close,
  }
}
