/**
 * Messages of bytes over a pipe that carries JSON, as ports of browser extensions do: each message goes in pieces of base64,
 * none of which is larger than such a pipe bears.
 */
import { createInbox, TOO_MANY } from '../transport/inbox.js'
import type { Transport } from '../transport/port.js'
import { fromBase64, toBase64 } from '../value/base64.js'
import { concatBytes } from '../value/bytes.js'

/** Bytes of a piece: as base64 two thirds of a megabyte. */
const PIECE_BYTES: number = 512 * 1024
/** Bytes of a message. */
const MAX_MESSAGE_BYTES: number = 64 * 1024 * 1024

/** A part of a message. */
export interface Piece {
  readonly text: string
  /** The message is whole with this. */
  readonly last: boolean
}

/** A message cut into pieces; one at least. */
export function* cut(bytes: Uint8Array): Iterable<Piece> {
  for (let from = 0; from === 0 || from < bytes.length; from += PIECE_BYTES) {
    const end = from + PIECE_BYTES
    yield { text: toBase64(bytes.subarray(from, end)), last: end >= bytes.length }
  }
}

/** Puts pieces together. Identity: one for each direction of a pipe. */
export interface Joiner {
  /** The message that is whole with this piece. Throws for what no {@link cut} makes, and for one too large. */
  take(piece: Piece): Uint8Array | undefined
}

export function createJoiner(): Joiner {
  let parts: Uint8Array[] = []
  let size = 0
  return {
    take({ text, last }) {
      const part = fromBase64(text)
      size += part.length
      if (size > MAX_MESSAGE_BYTES) throw new Error(`A message of more than ${MAX_MESSAGE_BYTES} bytes.`)
      parts.push(part)
      if (!last) return undefined
      const whole = parts.length === 1 ? part : concatBytes(...parts)
      parts = []
      size = 0
      return whole
    },
  }
}

/** A transport over such a pipe, and what is to be called with what comes through it. */
export interface TextLine {
  readonly transport: Transport
  receive(piece: Piece): void
  /** The pipe is gone. */
  end(reason: string): void
}

export interface TextLineOptions {
  send(piece: Piece): void
  /** This end wants no more. */
  close(reason: string): void
}

export function createTextLine({ send, close }: TextLineOptions): TextLine {
  const inbox = createInbox()
  const joiner = createJoiner()

  function hangUp(reason: string): void {
    if (inbox.closed) return
    close(reason)
    inbox.end({ message: reason }, true)
  }

  return {
    transport: {
      send(bytes) {
        if (inbox.closed) return
        for (const piece of cut(bytes)) send(piece)
      },
      // Such a pipe takes everything at once.
      buffered: 0,
      onMessage: inbox.onMessage,
      onClose: inbox.onClose,
      close: (reason = '') => hangUp(reason),
    },
    receive(piece) {
      if (inbox.closed) return
      try {
        const whole = joiner.take(piece)
        if (whole && !inbox.receive(whole)) hangUp(TOO_MANY)
      } catch (error) {
        hangUp(String(error))
      }
    },
    end: (reason) => inbox.end({ message: reason }),
  }
}
