import type { Closing, Transport } from './port.js'

/** Bytes that may wait for a handler: a peer that talks to nobody shall not fill the memory (I-14). */
const MAX_WAITING = 4 * 1024 * 1024

/** Why a transport closes when its inbox refuses. */
export const TOO_MANY = 'too many unread messages'

/** The receiving half of every transport: keeps what comes before its handlers, and the order of messages and end. */
export interface Inbox extends Pick<Transport, 'onMessage' | 'onClose'> {
  /** Whether no message will be delivered any more. */
  readonly closed: boolean
  /** Takes a message in; false if too many wait, and the transport should be closed. */
  receive(bytes: Uint8Array): boolean
  /** Takes the end in. `discard`: what waits shall not be delivered. The first end counts. */
  end(reason: Closing, discard?: boolean): void
}

export function createInbox(): Inbox {
  let waiting: Uint8Array[] = []
  let size = 0
  let ended: Closing | undefined
  let draining = false
  let handleMessage: ((bytes: Uint8Array) => void) | undefined
  let handleEnd: ((reason: Closing) => void) | undefined

  const next = (): Uint8Array | undefined => (handleMessage ? waiting.shift() : undefined)

  function drain(): void {
    if (draining) return
    draining = true
    try {
      for (let bytes = next(); bytes; bytes = next()) {
        size -= bytes.length
        handleMessage?.(bytes)
      }
    } finally {
      draining = false
      if (ended && waiting.length === 0) {
        const handle = handleEnd
        handleEnd = undefined
        handle?.(ended)
      }
    }
  }

  return {
    get closed() {
      return ended !== undefined
    },
    receive(bytes) {
      if (ended) return true
      waiting.push(bytes)
      size += bytes.length
      drain()
      return size <= MAX_WAITING
    },
    end(reason, discard) {
      if (discard) waiting = []
      ended ??= reason
      drain()
    },
    onMessage(fn) {
      handleMessage = fn
      drain()
    },
    onClose(fn) {
      handleEnd = fn
      drain()
    },
  }
}
