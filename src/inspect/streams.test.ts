import { describe, expect, test, vi } from 'vitest'
import { seededRandom, VirtualTime } from '../testing/virtual-time.js'
import { createMemoryPair, type MemoryPair } from '../transport/memory.js'
import type { Transport } from '../transport/port.js'
import { createStreams, type Streams } from './streams.js'

interface Side {
  readonly streams: Streams
  readonly opened: { readonly purpose: string; readonly stream: Transport }[]
  readonly closed: ReturnType<typeof vi.fn>
}

function bench(): { a: Side; b: Side; pair: MemoryPair; time: VirtualTime } {
  const time = new VirtualTime()
  const pair = createMemoryPair({ scheduler: time, random: seededRandom(1) })
  const [a, b] = pair.map((transport): Side => {
    const opened: Side['opened'] = []
    const closed = vi.fn()
    const streams = createStreams({
      transport,
      opened: (stream, purpose) => void opened.push({ stream, purpose }),
      closed,
    })
    return { streams, opened, closed }
  })
  return { a: a!, b: b!, pair, time }
}

const messagesOf = (stream: Transport): number[][] => {
  const got: number[][] = []
  stream.onMessage((bytes) => got.push([...bytes]))
  return got
}

describe('streams', () => {
  test('several over one transport, opened by either end, each in its own order', async () => {
    const { a, b, time } = bench()
    const one = a.streams.open('one')
    const two = a.streams.open('two')
    const back = b.streams.open('back')
    one.send(Uint8Array.of(1))
    two.send(Uint8Array.of(2))
    one.send(Uint8Array.of(3))
    back.send(Uint8Array.of(9))
    await time.pass(10)
    expect(b.opened.map(({ purpose }) => purpose)).toEqual(['one', 'two'])
    expect(a.opened.map(({ purpose }) => purpose)).toEqual(['back'])
    expect(messagesOf(b.opened[0]!.stream)).toEqual([[1], [3]])
    expect(messagesOf(b.opened[1]!.stream)).toEqual([[2]])
    expect(messagesOf(a.opened[0]!.stream)).toEqual([[9]])
    b.opened[0]!.stream.send(Uint8Array.of(4))
    const answers = messagesOf(one)
    await time.pass(10)
    expect(answers).toEqual([[4]])
  })

  test('one ends without the others; all end with the transport', async () => {
    const { a, b, time, pair } = bench()
    const one = a.streams.open('one')
    const two = a.streams.open('two')
    await time.pass(10)
    const ends: string[] = []
    b.opened[0]!.stream.onClose(({ message }) => ends.push(`one: ${message}`))
    b.opened[1]!.stream.onClose(({ message }) => ends.push(`two: ${message}`))
    two.onClose(({ message }) => ends.push(`two here: ${message}`))
    one.close('enough')
    one.send(Uint8Array.of(1))
    await time.pass(10)
    expect(ends).toEqual(['one: enough'])
    expect(b.closed).not.toHaveBeenCalled()
    pair.sever('pulled')
    expect(ends.toSorted()).toEqual(['one: enough', 'two here: pulled', 'two: pulled'])
    expect(b.closed).toHaveBeenCalledWith('pulled')
    two.send(Uint8Array.of(1))
  })

  test('I-14: what nobody reads ends its stream, and no other', async () => {
    const { a, b, time } = bench()
    const one = a.streams.open('one')
    const two = a.streams.open('two')
    const ended = vi.fn()
    one.onClose(ended)
    for (let n = 0; n < 6; n++) one.send(new Uint8Array(1024 * 1024))
    two.send(Uint8Array.of(7))
    await time.pass(10)
    expect(ended).toHaveBeenCalledWith({ message: 'too many unread messages' })
    expect(messagesOf(b.opened[1]!.stream)).toEqual([[7]])
  })

  test.each([
    ['an unknown kind', [7, 0]],
    ['a number of the wrong side', [0, 1, 1, 97]],
    ['nothing', []],
    ['half a number', [1, 255]],
    ['a purpose that is no text', [0, 0, 5, 97]],
  ])('%s ends the transport', async (_, frame) => {
    const time = new VirtualTime()
    const [raw, transport] = createMemoryPair({ scheduler: time, random: seededRandom(1) })
    const closed = vi.fn()
    createStreams({ transport, opened: () => {}, closed })
    raw.send(Uint8Array.from(frame))
    await time.pass(10)
    expect(closed).toHaveBeenCalledTimes(1)
  })
})
