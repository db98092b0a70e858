import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { serveSocket } from './socket.js'

/** What is used of a socket of `ws`. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1
  readyState = 1
  bufferedAmount = 0
  binaryType = 'nodebuffer'
  paused = false
  terminated = false
  pings = 0

  pause(): void {
    this.paused = true
  }
  resume(): void {
    this.paused = false
  }
  ping(): void {
    this.pings++
  }
  terminate(): void {
    this.terminated = true
    this.readyState = 3
    this.emit('close')
  }
  close(): void {}
  send(): void {}
  addEventListener(): void {}

  receive(bytes: number): void {
    this.emit('message', Buffer.alloc(bytes))
  }
}

let socket: FakeSocket
let serve: ReturnType<typeof serveSocket>
beforeEach(() => {
  vi.useFakeTimers()
  socket = new FakeSocket()
  serve = serveSocket(socket as unknown as WebSocket)
})
afterEach(() => {
  socket.terminate()
  vi.useRealTimers()
})

const MiB = 1024 * 1024

test('I-14: no more is read while much waits to be worked on', () => {
  serve.backlog(MiB)
  expect(socket.paused).toBe(false)
  serve.backlog(MiB + 1)
  expect(socket.paused).toBe(true)
  serve.backlog(5 * MiB)
  serve.backlog(MiB)
  expect(socket.paused).toBe(false)
})

test('I-14: who sends too fast is read later, and nothing is lost', () => {
  for (let i = 0; i < 33; i++) socket.receive(MiB)
  expect(socket.paused).toBe(true)
  vi.advanceTimersByTime(200)
  expect(socket.paused).toBe(false)
  expect(socket.terminated).toBe(false)
  for (let i = 0; i < 5001; i++) socket.receive(1)
  expect(socket.paused).toBe(true)
  vi.advanceTimersByTime(1000)
  expect(socket.paused).toBe(false)
})

test('I-14: who asks and does not take the answers is not listened to, and at last cut off', () => {
  socket.bufferedAmount = 5 * MiB
  socket.receive(10)
  expect(socket.paused).toBe(true)
  vi.advanceTimersByTime(10_000)
  expect(socket.paused).toBe(true)
  socket.bufferedAmount = 0
  vi.advanceTimersByTime(100)
  expect(socket.paused).toBe(false)
  socket.bufferedAmount = 5 * MiB
  socket.receive(10)
  for (let second = 0; second < 59; second++) {
    vi.advanceTimersByTime(1000)
    socket.emit('pong')
  }
  expect(socket.terminated).toBe(false)
  vi.advanceTimersByTime(2000)
  expect(socket.terminated).toBe(true)
})

test('two reasons to wait are two: reading goes on when both are gone', () => {
  serve.backlog(2 * MiB)
  for (let i = 0; i < 34; i++) socket.receive(MiB)
  vi.advanceTimersByTime(1000)
  expect(socket.paused).toBe(true)
  serve.backlog(0)
  expect(socket.paused).toBe(false)
})

test('a line that gives no sign of life is cut, and leaves no timer', () => {
  vi.advanceTimersByTime(30_000)
  expect(socket.pings).toBe(1)
  socket.emit('pong')
  vi.advanceTimersByTime(30_000)
  expect(socket.terminated).toBe(false)
  vi.advanceTimersByTime(30_000)
  expect(socket.terminated).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test('I-14: who asks for much is listened to less', () => {
  serve.charge(32 * MiB)
  expect(socket.paused).toBe(false)
  serve.charge(8 * MiB)
  expect(socket.paused).toBe(true)
  vi.advanceTimersByTime(999)
  expect(socket.paused).toBe(true)
  vi.advanceTimersByTime(2)
  expect(socket.paused).toBe(false)
})
