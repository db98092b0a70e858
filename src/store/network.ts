/** Keeps one connection to the server: connects, waits longer after each failure, goes offline when told. */
import type { Surroundings, TimerHandle } from '../ports.js'
import { Signal } from '../signal.js'
import type { Transport } from '../transport/port.js'

export interface NetworkOptions {
  readonly surroundings: Surroundings
  /** Opens a connection. A transport that never gets through closes. */
  connect(): Transport
  /** A connection is there; what it carries is the caller's business, who says when it is of use. */
  serve(transport: Transport): void
  /** The first attempt has failed. */
  absent(): void
}

/** `waiting`: the last attempt failed and the next one comes by itself. */
export type NetworkState = 'connecting' | 'online' | 'waiting' | 'offline' | 'refused'

/** Milliseconds: the first wait after a failure, and the longest. */
const FIRST_WAIT = 400
const LONGEST_WAIT = 30_000

/** Identity: one for the life of a store's ownership of the network. */
export class Network {
  readonly onChange: Signal = new Signal()
  state: NetworkState = 'connecting'
  private readonly options: NetworkOptions
  private transport: Transport | undefined
  private timer: TimerHandle | undefined
  private failures = 0
  private answered = false
  private closed = false
  /** Another tab has the network until this node is told to {@link start}. */
  private owned = false

  constructor(options: NetworkOptions) {
    this.options = options
  }

  /** From now on it is for this node to be connected. */
  start(): void {
    this.owned = true
    this.connect()
  }

  private connect(): void {
    if (!this.owned || this.closed || this.transport || this.state === 'offline') return
    this.clearTimer()
    this.become('connecting')
    let transport: Transport
    try {
      transport = this.options.connect()
    } catch {
      this.retry()
      return
    }
    this.transport = transport
    const lost = (): void => {
      if (this.transport !== transport) return
      this.transport = undefined
      if (this.state !== 'offline' && this.state !== 'refused') this.retry()
    }
    transport.onClose(lost)
    // A transport has one handler of its end, and whoever is served sets its own.
    this.options.serve({
      ...transport,
      get buffered() {
        return transport.buffered
      },
      onClose: (fn) =>
        transport.onClose((reason) => {
          fn(reason)
          lost()
        }),
    })
  }

  /** The other end has welcomed us. */
  established(): void {
    this.failures = 0
    this.answered = true
    this.become('online')
  }

  /** The other end does not want us; we come back when asked to, or after the longest wait. */
  refused(): void {
    this.become('refused')
    this.transport?.close('refused')
    this.transport = undefined
    this.after(LONGEST_WAIT)
  }

  /** Tries at once, if it is not connected: the platform says that the network is back, or credentials changed. */
  hurry(): void {
    if (this.closed || this.transport || this.state === 'offline') return
    this.failures = 0
    this.connect()
  }

  setOffline(offline: boolean): void {
    if (offline) {
      this.clearTimer()
      this.become('offline')
      const { transport } = this
      this.transport = undefined
      transport?.close('offline')
    } else if (this.state === 'offline') {
      this.failures = 0
      this.become('connecting')
      this.connect()
    }
  }

  close(): void {
    this.closed = true
    this.clearTimer()
    const { transport } = this
    this.transport = undefined
    transport?.close('closed')
  }

  private retry(): void {
    if (this.closed) return
    if (!this.answered) this.options.absent()
    this.answered = true
    this.become('waiting')
    // Half of the wait is chance, so that a server that comes back is not met by everybody at once.
    const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failures++)
    this.after(full / 2 + (full / 2) * (this.options.surroundings.random.bytes(1)[0]! / 255))
  }

  private after(ms: number): void {
    this.clearTimer()
    if (this.closed) return
    this.timer = this.options.surroundings.scheduler.after(ms, () => {
      this.timer = undefined
      this.connect()
    })
  }

  private clearTimer(): void {
    if (this.timer) this.options.surroundings.scheduler.cancel(this.timer)
    this.timer = undefined
  }

  private become(state: NetworkState): void {
    if (this.state === state) return
    this.state = state
    this.onChange.emit()
  }
}
