import type { AddressInfo } from 'node:net'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket as NodeSocket, WebSocketServer } from 'ws'
import type { Scheduler, Surroundings } from '../ports.js'
import { createInbox } from './inbox.js'
import { createMemoryPair } from './memory.js'
import { messagePortTransport } from './message-port.js'
import type { Closing, Transport } from './port.js'
import { webSocketTransport } from './websocket.js'

const bytes = (...content: number[]): Uint8Array => Uint8Array.from(content)
const contents = (messages: readonly Uint8Array[]): number[][] => messages.map((message) => [...message])

/** Runs what is due as soon as nothing else is to be done. */
const soon: Scheduler = {
  after: (_ms, fn) => ({ timer: setImmediate(fn) }),
  frame: (fn) => ({ timer: setImmediate(fn) }),
  cancel: ({ timer }) => clearImmediate(timer as NodeJS.Immediate),
}
const zeroes = { bytes: (length: number) => new Uint8Array(length) }

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
beforeAll(() => new Promise<void>((resolve) => void (server.address() ? resolve() : server.once('listening', resolve))))
afterAll(() => {
  for (const client of server.clients) client.terminate()
  server.close()
})

/** Each opens a joined pair. */
const pairs: Record<string, () => Promise<readonly [Transport, Transport]>> = {
  memory: async () => createMemoryPair({ scheduler: soon, random: zeroes }),
  'message ports': async () => {
    const { port1, port2 } = new MessageChannel()
    return [messagePortTransport(port1), messagePortTransport(port2)]
  },
  WebSocket: async () => {
    const [transport, socket] = await connect()
    return [transport, webSocketTransport(socket)]
  },
}

/** A transport of the server's and a client's socket, both open. */
function connect(): Promise<[Transport, NodeSocket]> {
  return new Promise((resolve) => {
    const socket = client()
    server.once('connection', (accepted) => socket.once('open', () => resolve([webSocketTransport(accepted), socket])))
  })
}

function client(): NodeSocket {
  return new NodeSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

const closing = (transport: Transport): Promise<Closing> => new Promise((resolve) => transport.onClose(resolve))

/** Resolves with the first `count` messages. */
function messages(transport: Transport, count: number): Promise<Uint8Array[]> {
  const got: Uint8Array[] = []
  return new Promise((resolve) => {
    transport.onMessage((message) => {
      if (got.push(message) === count) resolve(got)
    })
  })
}

describe.each(Object.entries(pairs))('transport: %s', (_, open) => {
  test('messages arrive whole and in order, both ways', async () => {
    const [one, other] = await open()
    const there = messages(other, 100)
    const back = messages(one, 2)
    for (let n = 0; n < 100; n++) one.send(bytes(n, n))
    other.send(bytes())
    other.send(new Uint8Array(300_000).fill(7))
    expect(contents(await there)).toEqual(Array.from({ length: 100 }, (_, n) => [n, n]))
    expect((await back).map((message) => message.length)).toEqual([0, 300_000])
    one.close()
  })

  test('a view is sent without what is around it', async () => {
    const [one, other] = await open()
    const whole = bytes(1, 2, 3, 4)
    one.send(whole.subarray(1, 3))
    expect(contents(await messages(other, 1))).toEqual([[2, 3]])
    expect([...whole]).toEqual([1, 2, 3, 4])
    one.close()
  })

  test('what comes before a handler waits for it, and the end comes after it', async () => {
    const [one, other] = await open()
    // The echo tells that what was sent before has come.
    other.send(bytes(1))
    await messages(one, 1)
    one.send(bytes(2))
    one.send(bytes(3))
    one.close('done')
    const order: unknown[] = []
    await new Promise<void>((resolve) => {
      other.onClose(({ message }) => {
        order.push(message)
        resolve()
      })
      setImmediate(() => other.onMessage((message) => order.push(...message)))
    })
    expect(order).toEqual([2, 3, 'done'])
  })

  test('closing tells both sides, once, and again does nothing', async () => {
    const [one, other] = await open()
    const ends: string[] = []
    one.onClose(({ message }) => ends.push(`one: ${message}`))
    one.onMessage(() => ends.push('a message after the end'))
    other.send(bytes(1))
    one.close('enough')
    expect(ends).toEqual(['one: enough'])
    one.close('again')
    const told = await closing(other)
    expect(told.message).toBe('enough')
    other.onMessage(() => {})
    other.close('me too')
    one.send(bytes(1))
    other.send(bytes(1))
    await new Promise(setImmediate)
    expect(ends).toEqual(['one: enough'])
  })

  test('who asks late is told of the end', async () => {
    const [one, other] = await open()
    one.close('early')
    expect((await closing(one)).message).toBe('early')
    expect((await closing(other)).message).toBe('early')
    expect((await closing(other)).message).toBe('early')
  })
})

describe('WebSocket', () => {
  test('what is sent before it is open waits, and counts as buffered', async () => {
    const accepted = new Promise<Transport>((resolve) => {
      server.once('connection', (socket) => resolve(webSocketTransport(socket)))
    })
    const transport = webSocketTransport(client())
    transport.send(bytes(1, 2, 3))
    transport.send(bytes(4))
    expect(transport.buffered).toBe(4)
    expect(contents(await messages(await accepted, 2))).toEqual([[1, 2, 3], [4]])
    transport.close()
    expect(transport.buffered).toBe(0)
  })

  test('closing before it is open gives it up', async () => {
    const transport = webSocketTransport(client())
    transport.send(bytes(1))
    transport.close('never mind')
    expect(transport.buffered).toBe(0)
    expect(await closing(transport)).toEqual({ message: 'never mind' })
  })

  test('text ends it', async () => {
    const [transport, socket] = await connect()
    socket.send('hello')
    expect((await closing(transport)).message).toMatch('binary')
  })

  test('a lost connection is told by its code', async () => {
    const [transport, socket] = await connect()
    socket.terminate()
    expect((await closing(transport)).code).toBe('1006')
  })

  test('a server that cannot be reached ends it with the reason', async () => {
    const socket = new NodeSocket('ws://127.0.0.1:1')
    const { code, message } = await closing(webSocketTransport(socket))
    expect(code).toBe('1006')
    expect(message).toMatch('ECONNREFUSED')
    expect((await closing(webSocketTransport(socket))).code).toBe('1006')
  })

  test('a reason too long or not plain is cut to what a close frame holds', async () => {
    const [transport, socket] = await connect()
    const told = new Promise<string>((resolve) => socket.once('close', (_code, reason) => resolve(reason.toString())))
    transport.close(`é${'x'.repeat(200)}`)
    expect(await told).toBe(`?${'x'.repeat(122)}`)
  })

  test('the types of browser and `ws` fit', () => {
    const fits = (browser: WebSocket, node: NodeSocket, port: MessagePort): Transport[] => [
      webSocketTransport(browser),
      webSocketTransport(node),
      messagePortTransport(port),
    ]
    expect(fits).toBeTypeOf('function')
  })
})

describe('message ports', () => {
  test('a whole buffer is moved, not copied', async () => {
    const { port1, port2 } = new MessageChannel()
    const sent = bytes(1, 2, 3)
    messagePortTransport(port1).send(sent)
    expect(sent.length).toBe(0)
    expect(contents(await messages(messagePortTransport(port2), 1))).toEqual([[1, 2, 3]])
    port1.close()
  })

  test('a port closed by its platform is told', async () => {
    const { port1, port2 } = new MessageChannel()
    const told = closing(messagePortTransport(port2))
    port1.close()
    expect((await told).message).toMatch('closed')
  })
})

test('buffers of another realm are bytes, as where tests run in a realm of their own', () => {
  let hand: (event: { data: unknown }) => void = () => {}
  const socket = {
    binaryType: '',
    readyState: 1,
    bufferedAmount: 0,
    send: () => {},
    close: () => {},
    addEventListener: (type: string, listener: (event: never) => void) => {
      if (type === 'message') hand = listener as typeof hand
    },
  }
  const transport = webSocketTransport(socket)
  const data: unknown = runInNewContext('new Uint8Array([1, 2]).buffer')
  expect(data).not.toBeInstanceOf(ArrayBuffer)
  hand({ data })
  transport.onMessage((message) => expect([...message]).toEqual([1, 2]))
  expect.assertions(2)
})

describe('inbox', () => {
  test('I-14: more than 4 MiB that nobody reads is too much', () => {
    const inbox = createInbox()
    const part = new Uint8Array(1024 * 1024)
    for (let n = 0; n < 4; n++) expect(inbox.receive(part)).toBe(true)
    expect(inbox.receive(part)).toBe(false)
    inbox.onMessage(() => {})
    expect(inbox.receive(part)).toBe(true)
  })

  test('the end waits for messages that nobody has read', () => {
    const inbox = createInbox()
    const order: unknown[] = []
    inbox.receive(bytes(1))
    inbox.end({ message: 'end' })
    inbox.end({ message: 'another end' })
    inbox.receive(bytes(2))
    inbox.onClose(({ message }) => order.push(message))
    expect(order).toEqual([])
    inbox.onMessage(([first]) => order.push(first))
    expect(order).toEqual([1, 'end'])
  })

  test('what a handler causes comes after it, in order', () => {
    const inbox = createInbox()
    const order: string[] = []
    inbox.onClose(() => order.push('end'))
    inbox.onMessage(([first]) => {
      order.push(`${first} begins`)
      if (first === 1) {
        inbox.receive(bytes(2))
        inbox.end({ message: '' })
      }
      order.push(`${first} ends`)
    })
    inbox.receive(bytes(1))
    expect(order).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', 'end'])
  })

  test('a handler that throws loses its own message only', () => {
    const inbox = createInbox()
    const got: number[] = []
    inbox.onMessage(([first]) => {
      if (first === 1) throw new Error('mine')
      got.push(first!)
    })
    expect(() => inbox.receive(bytes(1))).toThrow('mine')
    inbox.receive(bytes(2))
    expect(got).toEqual([2])
  })
})

describe('memory: faults by seed', () => {
  /** A queue of timers in the order of their due time, and chance from a seed (mulberry32). */
  function simulation(seed: number): Surroundings & { run(): void } {
    let now = 0
    let timers: { at: number; fn: () => void }[] = []
    const next = (): number => {
      seed = (seed + 0x6d2b79f5) | 0
      let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
      return (t ^ (t >>> 14)) & 255
    }
    return {
      clock: { now: () => now },
      random: { bytes: (length) => Uint8Array.from({ length }, next) },
      scheduler: {
        after(ms, fn) {
          timers.push({ at: now + ms, fn })
          return { timer: fn }
        },
        frame: (fn) => ({ timer: fn }),
        cancel: ({ timer }) => void (timers = timers.filter(({ fn }) => fn !== timer)),
      },
      run() {
        while (timers.length > 0) {
          timers.sort((a, b) => a.at - b.at)
          const { at, fn } = timers.shift()!
          now = at
          fn()
        }
      },
    }
  }

  function exchange(seed: number, faults: Parameters<typeof createMemoryPair>[1]): number[] {
    const world = simulation(seed)
    const [one, other] = createMemoryPair(world, faults)
    const got: number[] = []
    other.onMessage(([n]) => got.push(n!))
    other.onClose(() => got.push(-1))
    for (let n = 0; n < 200; n++) one.send(bytes(n))
    one.close()
    world.run()
    expect(got.pop()).toBe(-1)
    return got
  }
  const sent = Array.from({ length: 200 }, (_, n) => n)
  const sorted = (numbers: number[]): number[] => numbers.toSorted((a, b) => a - b)

  test('order is kept whatever the delays, unless reorder is on', () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(exchange(seed, { delayMs: [0, 500] })).toEqual(sent)
      const mixed = exchange(seed, { reorder: 0.5 })
      expect(mixed).not.toEqual(sent)
      expect(sorted(mixed)).toEqual(sent)
    }
  })

  test('loss and duplication happen about as often as asked, and nothing else', () => {
    let [lost, twice] = [0, 0]
    for (let seed = 0; seed < 20; seed++) {
      const some = exchange(seed, { loss: 0.3 })
      lost += 200 - some.length
      expect(new Set(some).size).toBe(some.length)
      const more = exchange(seed, { duplication: 0.3 })
      twice += more.length - 200
      expect([...new Set(more)]).toEqual(sent)
    }
    expect(lost / 4000).toBeCloseTo(0.3, 1)
    expect(twice / 4000).toBeCloseTo(0.3, 1)
  })

  test('the same seed gives the same run', () => {
    const faults = { loss: 0.2, duplication: 0.2, reorder: 0.5, delayMs: [1, 90] } as const
    expect(exchange(7, faults)).toEqual(exchange(7, faults))
    expect(exchange(7, faults)).not.toEqual(exchange(8, faults))
  })

  test('a partition loses all, healing lets through; a broken wire tells both ends and drops what is under way', () => {
    const world = simulation(1)
    const pair = createMemoryPair(world, { loss: 1 })
    const [one, other] = pair
    const got: unknown[] = []
    other.onMessage(([n]) => got.push(n))
    one.onClose(({ code }) => got.push(code))
    other.onClose(({ message }) => got.push(message))
    one.send(bytes(1))
    pair.setFaults({})
    one.send(bytes(2))
    world.run()
    expect(got).toEqual([2])
    one.send(bytes(3, 3))
    expect(one.buffered).toBe(2)
    expect(pair.underway).toBe(1)
    pair.sever('cut')
    world.run()
    expect(got).toEqual([2, '1006', 'cut'])
    expect(one.buffered).toBe(0)
  })

  test('the receiver has bytes of its own', () => {
    const world = simulation(1)
    const [one, other] = createMemoryPair(world)
    const mine = bytes(1)
    one.send(mine)
    mine[0] = 9
    other.onMessage((message) => expect([...message]).toEqual([1]))
    world.run()
    expect.assertions(1)
  })
})
