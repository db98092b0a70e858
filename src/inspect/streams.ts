/**
 * Many streams over one transport. Each is a transport of its own, and ends with the one below it.
 * ```
 * frame = byte 0 | varint number | string purpose         opens
 *       | byte 1 | varint number | bytes                  a message
 *       | byte 2 | varint number | string reason          ends
 * ```
 * Either end opens streams and numbers its own, with even numbers; the lowest bit of a number that comes is turned.
 */
import { IbexError } from '../errors.js'
import { createInbox, type Inbox, TOO_MANY } from '../transport/inbox.js'
import type { Transport } from '../transport/port.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'

const OPEN = 0
const DATA = 1
const CLOSE = 2

/** Streams that may be open. */
const MAX_STREAMS = 1000

export interface Streams {
  /** Opens a stream; `purpose` tells the other end what for. */
  open(purpose: string): Transport
  close(reason?: string): void
}

export interface StreamsOptions {
  readonly transport: Transport
  /** The other end has opened a stream. */
  opened(stream: Transport, purpose: string): void
  /** The transport ended, and all streams with it. */
  closed(reason: string): void
}

/** One end of the transport. Both may open streams: each numbers its own. */
export function createStreams({ transport, opened, closed }: StreamsOptions): Streams {
  /** By number: streams that were opened here are even, those that the other end opened odd. */
  const inboxes = new Map<number, Inbox>()
  let count = 0

  function send(kind: number, number: number, content: Uint8Array | string): void {
    const writer = new ByteWriter(content.length + 10)
    writer.u8(kind)
    writer.varuint(number)
    if (typeof content === 'string') writer.string(content)
    else writer.raw(content)
    transport.send(writer.finish())
  }

  function end(number: number, reason: string): void {
    send(CLOSE, number, reason)
    const inbox = inboxes.get(number)
    inboxes.delete(number)
    inbox?.end({ message: reason }, true)
  }

  function create(number: number): Transport {
    const inbox = createInbox()
    inboxes.set(number, inbox)
    return {
      send(bytes) {
        if (!inbox.closed) send(DATA, number, bytes)
      },
      get buffered() {
        return transport.buffered
      },
      onMessage: inbox.onMessage,
      onClose: inbox.onClose,
      close(reason = '') {
        if (!inbox.closed) end(number, reason)
      },
    }
  }

  function take(frame: Uint8Array): void {
    const reader = new ByteReader(frame)
    const kind = reader.u8()
    const number = reader.varuint() ^ 1
    const inbox = inboxes.get(number)
    switch (kind) {
      case OPEN: {
        if (inbox || (number & 1) === 0) throw new IbexError('protocol', 'A stream of a wrong number.')
        if (inboxes.size >= MAX_STREAMS) throw new IbexError('limit', 'Too many streams.')
        const purpose = reader.string()
        opened(create(number), purpose)
        return
      }
      case DATA:
        // What was under way when this end closed the stream is lost with it.
        if (inbox?.receive(reader.raw(reader.remaining).slice()) === false) end(number, TOO_MANY)
        return
      case CLOSE:
        inboxes.delete(number)
        inbox?.end({ message: reader.string() })
        return
      default:
        throw new IbexError('protocol', `A frame of kind ${kind}.`)
    }
  }

  transport.onMessage((frame) => {
    try {
      take(frame)
    } catch (error) {
      if (!(error instanceof IbexError)) throw error
      transport.close(error.message)
    }
  })
  transport.onClose(({ message }) => {
    const open = [...inboxes.values()]
    inboxes.clear()
    for (const inbox of open) inbox.end({ message })
    closed(message)
  })

  return {
    open(purpose) {
      const number = 2 * count++
      send(OPEN, number, purpose)
      return create(number)
    },
    close: (reason) => transport.close(reason),
  }
}
