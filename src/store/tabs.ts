/**
 * The tabs of one origin: one holds a Web Lock and with it the storage and the network; the others reach it over a
 * channel, by the ordinary protocol, and one of them takes over when it goes.
 */
import { type LocksLike, pageLock } from '../repository/page-lock.js'
import { createInbox } from '../transport/inbox.js'
import type { Transport } from '../transport/port.js'

/** The part of a `BroadcastChannel` that is used. */
export interface ChannelLike {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  close(): void
}

export interface TabsOptions {
  /** Names the store on this origin. */
  readonly name: string
  /** Names this tab among the others. It holds the lock {@link pageLock}. */
  readonly id: string
  readonly locks: LocksLike
  readonly channel: ChannelLike
  /** This tab owns storage and network from now on. Whatever link it had to the earlier owner is closed before. */
  lead(): void
  /** Another tab is the owner: here is a way to it. */
  follow(transport: Transport): void
  /** This tab is the owner, and another tab wants to talk. */
  serve(transport: Transport): void
  /** This tab is the owner, and another tab that it served is gone. */
  gone(id: string): void
  /** Something that the tabs say to each other besides the protocol. */
  hear(message: unknown): void
}

export interface Tabs {
  readonly leading: boolean
  /** Says something to every other tab. */
  say(message: unknown): void
  /** The line to the owner broke: asks for a new one. */
  again(): void
  close(): void
}

type Envelope =
  | { readonly kind: 'who-leads'; readonly from: string }
  | { readonly kind: 'i-lead'; readonly from: string }
  | { readonly kind: 'open' | 'close'; readonly from: string; readonly to: string; readonly line: number }
  | {
      readonly kind: 'bytes'
      readonly from: string
      readonly to: string
      readonly line: number
      readonly bytes: Uint8Array
    }
  | { readonly kind: 'say'; readonly from: string; readonly message: unknown }

/** Says something to all tabs that joined on this channel, without joining them; closes it. */
export function tellTabs(channel: ChannelLike, message: unknown): void {
  channel.postMessage({ kind: 'say', from: '', message } satisfies Envelope)
  channel.close()
}

/** Joins the tabs of a store. Calls `lead` or `follow` some time after, and again whenever the owner changes. */
export function joinTabs(options: TabsOptions): Tabs {
  const { channel, locks, id } = options
  const lines = new Map<string, Line>()
  const lockName = `ibex ${options.name}`
  let leading = false
  let closed = false
  let leader: string | undefined
  let nextLine = 0
  let release: (() => void) | undefined
  const waiting = new AbortController()
  const { signal } = waiting
  const ignore = (): void => {
    // The wait was given up: this tab closes.
  }

  const post = (message: Envelope): void => {
    if (!closed) channel.postMessage(message)
  }

  function line(peer: string, number: number): Line {
    const key = `${peer} ${number}`
    const made = createLine(
      (bytes) => post({ kind: 'bytes', from: id, to: peer, line: number, bytes }),
      () => {
        lines.delete(key)
        post({ kind: 'close', from: id, to: peer, line: number })
      },
    )
    lines.set(key, made)
    return made
  }

  function followTab(peer: string): void {
    if (leading || leader === peer) return
    leader = peer
    for (const open of lines.values()) open.end('another tab took over')
    const number = ++nextLine
    const toLeader = line(peer, number)
    post({ kind: 'open', from: id, to: peer, line: number })
    options.follow(toLeader.transport)
  }

  channel.addEventListener('message', ({ data }) => {
    const message = data as Envelope
    if (closed || !message || message.from === id) return
    if ('to' in message && message.to !== id) return
    switch (message.kind) {
      case 'who-leads':
        if (leading) post({ kind: 'i-lead', from: id })
        break
      case 'i-lead':
        followTab(message.from)
        break
      case 'open':
        if (!leading) break
        const opened = line(message.from, message.line)
        options.serve(opened.transport)
        // A page that goes does not say so.
        const ended = async (): Promise<void> => {
          opened.transport.close()
          options.gone(message.from)
        }
        void locks.request(pageLock(message.from), { signal }, ended).catch(ignore)
        break
      case 'bytes':
        lines.get(`${message.from} ${message.line}`)?.receive(message.bytes)
        break
      case 'close':
        lines.get(`${message.from} ${message.line}`)?.end('the other tab closed')
        lines.delete(`${message.from} ${message.line}`)
        break
      case 'say':
        options.hear(message.message)
    }
  })

  const hold = (lock: unknown): Promise<void> => {
    if (!lock || closed) return Promise.resolve()
    leading = true
    for (const open of lines.values()) open.end('this tab took over')
    lines.clear()
    options.lead()
    post({ kind: 'i-lead', from: id })
    return new Promise((resolve) => (release = resolve))
  }

  void locks
    .request(lockName, { ifAvailable: true }, hold)
    .then(() => {
      if (leading || closed) return
      post({ kind: 'who-leads', from: id })
      return locks.request(lockName, { signal }, hold)
    })
    .catch(ignore)

  return {
    get leading() {
      return leading
    },
    say: (message) => post({ kind: 'say', from: id, message }),
    again() {
      if (leading) return
      leader = undefined
      post({ kind: 'who-leads', from: id })
    },
    close() {
      for (const open of lines.values()) open.transport.close('closed')
      closed = true
      waiting.abort()
      release?.()
      channel.close()
    },
  }
}

interface Line {
  readonly transport: Transport
  receive(bytes: Uint8Array): void
  /** The other side is gone. */
  end(message: string): void
}

/** A transport over a channel that many share. */
function createLine(send: (bytes: Uint8Array) => void, hangUp: () => void): Line {
  const inbox = createInbox()
  return {
    transport: {
      send: (bytes) => {
        if (!inbox.closed) send(bytes)
      },
      buffered: 0,
      onMessage: inbox.onMessage,
      onClose: inbox.onClose,
      close(reason = 'closed') {
        if (inbox.closed) return
        hangUp()
        inbox.end({ message: reason }, true)
      },
    },
    receive: (bytes) => void inbox.receive(bytes),
    end: (message) => inbox.end({ message }),
  }
}
