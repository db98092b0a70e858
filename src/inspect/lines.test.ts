import { describe, expect, test, vi } from 'vitest'
import { commitIdOf, requireRepositoryPath } from '../ids.js'
import type { LinkOptions } from '../store/link-options.js'
import { encodeMessage } from '../sync/message-codec.js'
import type { CommitsMessage } from '../sync/messages.js'
import { seededRandom, VirtualTime } from '../testing/virtual-time.js'
import { createMemoryPair } from '../transport/memory.js'
import type { Transport } from '../transport/port.js'
import { createLines, type Lines } from './lines.js'

const path = requireRepositoryPath('/data/main')
const head = commitIdOf(new Uint8Array(32).fill(7))
const ask = (type: 'want' | 'need', round: number): Uint8Array =>
  encodeMessage({ type, repository: path, round, base: [], filter: new Uint8Array(), ids: [] })
const commits = (round: number, more: boolean): Uint8Array =>
  encodeMessage({
    type: 'commits',
    repository: path,
    round,
    more,
    partial: false,
    credentials: [],
    inflated: 0,
    payload: new Uint8Array(100),
  } satisfies CommitsMessage)
const summary = (answer: boolean): Uint8Array =>
  encodeMessage({
    type: 'summary',
    repository: path,
    answer,
    follows: false,
    heads: [head],
    count: 1,
    ladder: [],
    credit: 0,
  })
const nonce = encodeMessage({ type: 'nonce', versions: [1], nonce: new Uint8Array(32) })

const server = { role: 'initiator', trusted: false } as LinkOptions
const leader = { role: 'initiator', trusted: true } as LinkOptions
const tab = { role: 'acceptor', trusted: true } as LinkOptions

interface Bench {
  readonly time: VirtualTime
  readonly lines: Lines
  /** The watched end. */
  readonly own: Transport
  readonly other: Transport
  readonly got: Uint8Array[]
}

function bench(link: LinkOptions = server): Bench {
  const time = new VirtualTime(1000)
  const lines = createLines({ clock: time, scheduler: time })
  const [left, other] = createMemoryPair({ scheduler: time, random: seededRandom(1) })
  const own = lines.watch(left, link)
  const got: Uint8Array[] = []
  own.onMessage((bytes) => got.push(bytes))
  return { time, lines, own, other, got }
}

describe('counting', () => {
  test('by line and repository, both ways; questions, what filters missed, and how long answers took', async () => {
    const { time, lines, own, other, got } = bench()
    own.send(nonce)
    own.send(summary(false))
    await time.pass(30)
    other.send(summary(true))
    await time.pass(0)
    expect(lines.about()[0]!.repositories).toMatchObject([
      { reconciles: 1, roundTrip: 30, heads: [head], questions: 0 },
    ])
    own.send(ask('want', 1))
    await time.pass(40)
    other.send(commits(1, true))
    other.send(commits(0, false))
    await time.pass(10)
    other.send(commits(1, false))
    await time.pass(0)
    own.send(ask('need', 2))
    own.send(commits(0, false))
    const [line] = lines.about()
    expect(line).toMatchObject({ id: 1, peer: 'server', since: 1000, until: null, reason: null })
    expect(line!.sent.messages).toBe(5)
    expect(line!.received.messages).toBe(4)
    expect(line!.received.bytes).toBe(got.reduce((sum, { length }) => sum + length, 0))
    expect(line!.repositories).toMatchObject([
      {
        path,
        questions: 2,
        filterMisses: 1,
        roundTrip: 50,
        received: 3 * commits(1, true).length,
        sent: commits(0, false).length,
      },
    ])
  })

  test('what is malformed is counted, and left to whoever reads it in earnest', async () => {
    const { time, lines, other, got } = bench()
    other.send(Uint8Array.of(5, 255))
    other.send(Uint8Array.of(8, 255, 255))
    other.send(Uint8Array.of(200))
    await time.pass(0)
    expect(got).toHaveLength(3)
    expect(lines.about()[0]!.received.messages).toBe(3)
  })

  test('peers are known by the link; ended lines come last, and only some of them are kept', async () => {
    const { time, lines } = bench(leader)
    const closed = vi.fn()
    lines.watch(createMemoryPair({ scheduler: time, random: seededRandom(1) })[0], tab)
    expect(lines.about().map(({ peer }) => peer)).toEqual(['tab', 'leading tab'])
    for (let n = 0; n < 30; n++) {
      const [left] = createMemoryPair({ scheduler: time, random: seededRandom(1) })
      const watched = lines.watch(left, server)
      watched.onClose(closed)
      watched.close(`end ${n}`)
    }
    await time.pass(1)
    expect(closed).toHaveBeenCalledTimes(30)
    const all = lines.about()
    expect(all.slice(0, 2).map(({ until }) => until)).toEqual([null, null])
    expect(all[2]).toMatchObject({ reason: 'end 29', until: 1000 })
    expect(all.length).toBeLessThan(30)
  })
})

describe('conditions', () => {
  test('delay keeps the order, and the end after everything', async () => {
    const { time, lines, own, other } = bench()
    const order: string[] = []
    other.onMessage((bytes) => order.push(`there ${bytes[0]}`))
    own.onMessage((bytes) => order.push(`here ${bytes[0]}`))
    own.onClose(({ message }) => order.push(message))
    lines.impose({ delay: 100, loss: 0 })
    own.send(Uint8Array.of(4))
    other.send(Uint8Array.of(5))
    await time.pass(99)
    expect(order).toEqual([])
    lines.impose({ delay: 10, loss: 0 })
    // Sent later and for less long: they still wait for those before them.
    own.send(Uint8Array.of(6))
    other.send(Uint8Array.of(7))
    await time.pass(200)
    expect(order.filter((each) => each.startsWith('there'))).toEqual(['there 4', 'there 6'])
    expect(order.filter((each) => each.startsWith('here'))).toEqual(['here 5', 'here 7'])
    other.send(Uint8Array.of(9))
    other.close('done')
    await time.pass(1)
    lines.impose({ delay: 0, loss: 0 })
    await time.pass(200)
    expect(order.slice(4)).toEqual(['here 9', 'done'])
  })

  test('loss takes what it should, but not the handshake, and nothing of other tabs', async () => {
    const { time, lines, own, other, got } = bench()
    const there = vi.fn()
    other.onMessage(there)
    lines.impose({ delay: 0, loss: 1 })
    own.send(nonce.slice())
    own.send(summary(false))
    other.send(nonce.slice())
    other.send(commits(0, false))
    await time.pass(10)
    expect(there).toHaveBeenCalledTimes(1)
    expect(got).toHaveLength(1)
    const [left, right] = createMemoryPair({ scheduler: time, random: seededRandom(1) })
    const beside = vi.fn()
    right.onMessage(beside)
    lines.watch(left, tab).send(summary(false))
    await time.pass(10)
    expect(beside).toHaveBeenCalledTimes(1)
  })
})
