import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { equalBytes } from '../value/bytes.js'
import { createJoiner, createTextLine, cut, type Piece, type TextLine } from './text-line.js'

const MEGABYTE = 1024 * 1024

/** Two lines over one pipe, through which everything goes as JSON. */
function bench(): { left: TextLine; right: TextLine; pieces: Piece[] } {
  const pieces: Piece[] = []
  const through = (piece: Piece): Piece => {
    const text = JSON.stringify(piece)
    expect(text.length).toBeLessThan(MEGABYTE)
    pieces.push(piece)
    return JSON.parse(text) as Piece
  }
  const left: TextLine = createTextLine({
    send: (piece) => right.receive(through(piece)),
    close: (why) => right.end(why),
  })
  const right: TextLine = createTextLine({
    send: (piece) => left.receive(through(piece)),
    close: (why) => left.end(why),
  })
  return { left, right, pieces }
}

describe('messages as texts', () => {
  test('any bytes come out as they went in, also those larger than a piece', () => {
    const { left, right, pieces } = bench()
    const got: Uint8Array[] = []
    right.transport.onMessage((bytes) => got.push(bytes))
    const sizes = [0, 1, 2, 3, 8191, 8193, 512 * 1024, 512 * 1024 + 1, 3 * MEGABYTE]
    const sent = sizes.map((size) => Uint8Array.from({ length: size }, (_, at) => (at * 31 + size) & 255))
    for (const bytes of sent) left.transport.send(bytes)
    // Not by `toEqual`, which takes its time for megabytes.
    expect(got.map((bytes, n) => equalBytes(bytes, sent[n]!))).toEqual(sizes.map(() => true))
    expect(pieces.filter(({ last }) => last)).toHaveLength(sent.length)
    expect(pieces.length).toBeGreaterThan(sent.length)
  })

  test('property: cutting and joining are each other’s inverse', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        const joiner = createJoiner()
        const whole = [...cut(bytes)].map((piece) => joiner.take(piece)).at(-1)
        expect(whole).toEqual(Uint8Array.from(bytes))
      }),
    )
  })

  test('the end is told to the other side, after all that came before', () => {
    const { left, right } = bench()
    const order: unknown[] = []
    left.transport.send(Uint8Array.of(1))
    left.transport.close('enough')
    left.transport.send(Uint8Array.of(2))
    right.transport.onClose(({ message }) => order.push(message))
    right.transport.onMessage((bytes) => order.push(bytes[0]))
    expect(order).toEqual([1, 'enough'])
  })

  test('I-14: what is no base64, and what is too large, ends the line', () => {
    const { right } = bench()
    const ended = vi.fn()
    right.transport.onClose(ended)
    right.receive({ text: '*', last: true })
    expect(ended).toHaveBeenCalledTimes(1)
    const joiner = createJoiner()
    const [piece] = cut(new Uint8Array(512 * 1024))
    expect(() => {
      for (let n = 0; n < 200; n++) joiner.take({ ...piece!, last: false })
    }).toThrow('more than')
  })
})
