import { createInbox, TOO_MANY } from './inbox.js'
import type { Transport } from './port.js'

/** What is used of a browser's `WebSocket`, or of a socket of the package `ws`. */
export interface WebSocketLike {
  binaryType: string
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number
  readonly bufferedAmount: number
  send(data: Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'error', listener: (event: object) => void): void
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void
}

const OPEN = 1

/** A transport over a WebSocket that is open or connecting; what is sent before it is open waits. */
export function webSocketTransport(socket: WebSocketLike): Transport {
  const inbox = createInbox()
  let waiting: Uint8Array[] = []
  let failure = ''

  function close(reason: string = ''): void {
    if (inbox.closed) return
    waiting = []
    // A close frame has room for 123 bytes of reason.
    socket.close(1000, reason.replace(/[^ -~]/g, '?').slice(0, 123))
    inbox.end({ message: reason }, true)
  }

  function send(bytes: Uint8Array): void {
    if (socket.readyState === OPEN) socket.send(bytes as Uint8Array<ArrayBuffer>)
    else if (socket.readyState < OPEN && !inbox.closed) waiting.push(bytes)
  }

  socket.binaryType = 'arraybuffer'
  socket.addEventListener('open', () => {
    const sent = waiting
    waiting = []
    sent.forEach(send)
  })
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') close('only binary messages are spoken here')
    else if (!inbox.receive(new Uint8Array(data as ArrayBuffer))) close(TOO_MANY)
  })
  // A close follows; and without a listener `ws` would throw.
  socket.addEventListener('error', (event) => {
    if ('message' in event) failure = String(event.message)
  })
  socket.addEventListener('close', ({ code, reason }) => {
    waiting = []
    inbox.end({ code: String(code), message: reason || failure })
  })
  if (socket.readyState > OPEN) inbox.end({ code: '1006', message: 'already closed' })

  return {
    send,
    get buffered() {
      return waiting.reduce((size, bytes) => size + bytes.length, socket.bufferedAmount)
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    close,
  }
}
