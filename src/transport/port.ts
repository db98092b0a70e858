/** Why a transport has closed. */
export interface Closing {
  /** What the network calls it, where it has a name for it: of a WebSocket its close code, `'1006'` for a lost connection. */
  readonly code?: string
  /** The reason that whoever closed it gave, or what the platform said; may be empty. */
  readonly message: string
}

/**
 * A pipe for whole messages of bytes, in order, between two nodes. It may lose its connection at any time, and then is
 * closed for good: who wants to go on makes another.
 */
export interface Transport {
  /**
   * Sends a message; never throws, and does nothing once closed. The bytes are given away: the transport may move them to
   * the other side, so the caller neither reads nor writes them afterwards, and sends a message that others get too as a
   * copy.
   */
  send(bytes: Uint8Array): void
  /** Bytes that were sent and not yet handed to the network. */
  readonly buffered: number
  /**
   * Sets the one handler of messages. It is first called with what has come so far, before this returns. It owns the bytes.
   */
  onMessage(fn: (bytes: Uint8Array) => void): void
  /**
   * Sets the one handler of the end, which is called once, for whatever reason, also for one's own {@link Transport.close}:
   * after all messages, at once if that was before.
   */
  onClose(fn: (reason: Closing) => void): void
  /** Ends the transport and tells the other side; no message is delivered here afterwards. Again: nothing happens. */
  close(reason?: string): void
}
