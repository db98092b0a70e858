/** One WebSocket on the server: reads no faster than is good for the server, and hangs up on who does not read. */
import type { WebSocket } from 'ws'
import type { Transport } from '../transport/port.js'
import { webSocketTransport } from '../transport/websocket.js'
import { createThrottle, type Rate } from './throttle.js'

/** What one connection may send, and be sent because it asks. An honest client stays far below. */
const BYTES: Rate = { perSecond: 8 * 1024 * 1024, burst: 32 * 1024 * 1024 }
const MESSAGES: Rate = { perSecond: 1000, burst: 5000 }
/** Bytes that came and were not worked on yet, above which no more is read. */
const MAX_BACKLOG = 1024 * 1024
/** Bytes of answers that the other end has not taken, above which it is not listened to. */
const MAX_UNREAD = 4 * 1024 * 1024
/** Milliseconds that it has to take them. */
const UNREAD_MS = 60_000
const LOOK_MS = 50
/** Milliseconds between signs of life. */
const HEARTBEAT_MS = 30_000

export interface ServerSocket {
  readonly transport: Transport
  /** For the link's `backlog`. */
  backlog(bytes: number): void
  /** For its `charge`. */
  charge(bytes: number): void
}

/** Timers here are the platform's: they keep sockets in order, and nothing that is stored depends on them. */
export function serveSocket(socket: WebSocket): ServerSocket {
  const throttle = createThrottle(BYTES, MESSAGES)
  const timers = new Set<NodeJS.Timeout>()
  let waits = 0
  let backlog = 0
  let unreadSince: number | undefined
  let alive = true

  const after = (ms: number, fn: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      fn()
    }, ms)
    timers.add(timer)
  }

  function hold(): void {
    if (waits++ === 0) socket.pause()
  }

  function release(): void {
    if (--waits === 0 && socket.readyState === socket.OPEN) socket.resume()
  }

  /** Who asks for much and takes nothing is asked to take it first (I-14). */
  function watchUnread(): void {
    if (socket.bufferedAmount < MAX_UNREAD) {
      unreadSince = undefined
      release()
    } else if (Date.now() - unreadSince! > UNREAD_MS) socket.terminate()
    else after(LOOK_MS, watchUnread)
  }

  const heartbeat = setInterval(() => {
    if (!alive) {
      socket.terminate()
      return
    }
    // A paused socket does not see the answer.
    alive = waits > 0
    socket.ping()
  }, HEARTBEAT_MS)

  socket.on('pong', () => (alive = true))
  function rest(ms: number): void {
    if (ms === 0) return
    hold()
    after(ms, release)
  }

  socket.on('message', (data: ArrayBuffer | Buffer) => {
    alive = true
    rest(throttle.take(data.byteLength, Date.now()))
    if (unreadSince === undefined && socket.bufferedAmount >= MAX_UNREAD) {
      unreadSince = Date.now()
      hold()
      after(LOOK_MS, watchUnread)
    }
  })
  socket.on('close', () => {
    clearInterval(heartbeat)
    for (const timer of timers) clearTimeout(timer)
  })

  return {
    transport: webSocketTransport(socket),
    backlog(bytes) {
      const before = backlog > MAX_BACKLOG
      backlog = bytes
      if (bytes > MAX_BACKLOG === before) return
      if (before) release()
      else hold()
    },
    charge: (bytes) => rest(throttle.charge(bytes, Date.now())),
  }
}
