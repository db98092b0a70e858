import { deflateRawSync } from 'node:zlib'
import { deflateSync, Inflate } from 'fflate'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { IbexError } from '../errors.js'
import { commitIdOf, requireRepositoryPath, sessionIdOf } from '../ids.js'
import type { Compression, StoredCommit } from './batch.js'
import { openBatch, sendDelivery } from './batch.js'
import { fflateCompression } from './deflate.js'
import { decodeMessage } from './message-codec.js'
import type { CommitsMessage } from './messages.js'
import { createPeer } from './peer.js'

const repository = requireRepositoryPath('/data/main')
const idOf = (n: number): ReturnType<typeof commitIdOf> => commitIdOf(new Uint8Array(32).fill(n))
const sessions = [1, 2].map((n) => sessionIdOf(new Uint8Array(16).fill(n)))
const peer = (): ReturnType<typeof createPeer> => createPeer({ repository, random: (length) => new Uint8Array(length) })

async function send(
  stored: (StoredCommit | undefined)[],
  options: {
    compression?: Compression
    to?: ReturnType<typeof peer>
    later?: boolean
    partial?: boolean
    round?: number
  } = {},
): Promise<CommitsMessage[]> {
  const frames: Uint8Array[] = []
  const { to = peer(), later = false, partial = false, round = 5, compression } = options
  await sendDelivery(
    to,
    { ids: stored.map((_, n) => idOf(n)), round, partial },
    {
      load: (id) => {
        const found = stored[Number.parseInt(id.slice(0, 2), 16)]
        return later ? Promise.resolve(found) : found
      },
      credential: (session) => new Uint8Array(32).fill(sessions.indexOf(session) + 1),
      compression,
      send: (frame) => void frames.push(frame),
    },
  )
  return frames.map((frame) => decodeMessage(frame) as CommitsMessage)
}
const commit = (length: number, fill = 7, session = 0): StoredCommit => ({
  bytes: new Uint8Array(length).fill(fill),
  session: sessions[session]!,
})
const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise
  } catch (error) {
    if (error instanceof IbexError) return error.code
    throw error
  }
  return 'none'
}

describe('sending', () => {
  test('commits come out as they went in, raw or deflated, at once or from a slow disk', async () => {
    for (const compression of [undefined, fflateCompression]) {
      for (const later of [false, true]) {
        const stored = Array.from({ length: 200 }, (_, n) => commit(1 + n * 9, n))
        const messages = await send(stored, { later, ...(compression && { compression }) })
        const batches = await Promise.all(messages.map((message) => openBatch(message, compression)))
        expect(batches.flatMap(({ commits }) => commits)).toEqual(stored.map(({ bytes }) => bytes))
        expect(messages.map(({ more }) => more)).toEqual(messages.map((_, n) => n < messages.length - 1))
        expect(messages.some(({ inflated }) => inflated > 0)).toBe(compression !== undefined)
      }
    }
  })

  test('a frame has at most 64 kB, unless one commit has more', async () => {
    const messages = await send([commit(60_000), commit(4000), commit(3000), commit(250_000), commit(10)])
    expect(messages.map(({ payload }) => payload.length)).toEqual([64_005, 3002, 250_003, 11])
  })

  test('a single small commit is not deflated', async () => {
    expect((await send([commit(270)], { compression: fflateCompression }))[0]!.inflated).toBe(0)
  })

  test('what the disk does not give is left out, and the end is told nevertheless', async () => {
    const messages = await send([undefined, commit(5), undefined], { partial: true })
    expect(messages).toMatchObject([
      { round: 5, more: false, partial: true, payload: new Uint8Array([5, 7, 7, 7, 7, 7]) },
    ])
    expect(await send([undefined])).toMatchObject([{ more: false, payload: new Uint8Array(0) }])
  })

  test('a session is introduced with its first commit to a peer, and in every answer: it asks for what may have been lost', async () => {
    const to = peer()
    const key = (n: number): Uint8Array => new Uint8Array(32).fill(n)
    const pushed = async (...commits: StoredCommit[]): Promise<unknown> =>
      (await send(commits, { to, round: 0 }))[0]!.credentials
    expect(await pushed(commit(9), commit(9))).toEqual([key(1)])
    expect(await pushed(commit(9, 7, 1), commit(9))).toEqual([key(2)])
    expect(await pushed(commit(9, 7, 1), commit(9))).toEqual([])
    expect((await send([commit(9, 7, 1), commit(9), commit(9)], { to }))[0]!.credentials).toEqual([key(2), key(1)])
    expect(await pushed(commit(9, 7, 1), commit(9))).toEqual([])
  })

  test('stops when the conversation is over', async () => {
    const to = peer()
    to.closed = true
    expect(await send([commit(9)], { to })).toEqual([])
  })
})

describe('opening', () => {
  const message = (payload: Uint8Array, inflated: number): CommitsMessage => ({
    type: 'commits',
    repository,
    round: 0,
    more: false,
    partial: false,
    credentials: [],
    inflated,
    payload,
  })
  const open = (payload: Uint8Array, inflated: number): Promise<string> =>
    codeOf(openBatch(message(payload, inflated), fflateCompression))

  test('I-14: a decompression bomb is stopped while it inflates', async () => {
    const bomb = deflateRawSync(new Uint8Array(20_000_000))
    expect(bomb.length).toBeLessThan(20_000)
    const push = vi.spyOn(Inflate.prototype, 'push')
    expect(await open(bomb, 1000)).toBe('malformed-bytes')
    expect(await open(bomb, 1024 * 1024)).toBe('malformed-bytes')
    // Of ten slices, one each: 2 MB inflated at the most.
    expect(push).toHaveBeenCalledTimes(2)
    expect(await open(bomb, 20_000_000)).toBe('limit')
    expect(push).toHaveBeenCalledTimes(2)
    push.mockRestore()
  })

  test('a wrong size, nonsense and trailing nonsense are refused', async () => {
    const deflated = deflateSync(new Uint8Array(5000))
    expect(await open(deflated, 5001)).toBe('malformed-bytes')
    expect(await open(deflated, 4999)).toBe('malformed-bytes')
    expect(await open(deflated.subarray(0, -1), 5000)).toBe('malformed-bytes')
    expect(await open(new Uint8Array([255, 255, 255]), 10)).toBe('malformed-bytes')
    expect(await open(new Uint8Array([9, 1]), 0)).toBe('malformed-bytes')
    expect(await codeOf(openBatch(message(deflated, 5000), undefined))).toBe('protocol')
  })

  test('any bytes are opened or refused, quickly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(2000), async (payload, inflated) => {
        expect(['none', 'malformed-bytes']).toContain(await open(payload, inflated))
      }),
      { numRuns: 500 },
    )
  })

  test('commits do not keep the whole frame in memory', async () => {
    const { commits } = await openBatch(message(new Uint8Array([2, 1, 1, 1, 5]), 0), undefined)
    expect(commits.map(({ buffer }) => buffer.byteLength)).toEqual([2, 1])
  })
})
