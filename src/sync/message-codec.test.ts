import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IbexError } from '../errors.js'
import { commitIdOf, requireRepositoryPath } from '../ids.js'
import { decodeMessage, encodeMessage } from './message-codec.js'
import type { Message } from './messages.js'
import { MAX_FRAME_BYTES } from './messages.js'

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })
const blob = fc.uint8Array({ maxLength: 40 })
const maybe = <T>(content: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(content, { nil: undefined })
const number = fc.maxSafeNat()
const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const id = bytes(32).map(commitIdOf)
const ids = fc.array(id, { maxLength: 5 })
const repository = fc.constantFrom('/data/main', '/data/inbox', '/user/ada@example.org/main').map(requireRepositoryPath)
const type = <T extends string>(name: T): fc.Arbitrary<T> => fc.constant(name)

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    type: type('nonce'),
    versions: fc.array(number, { maxLength: 3 }),
    nonce: bytes(32),
    authority: maybe(bytes(32)),
  }),
  fc.record({
    type: type('hello'),
    version: number,
    publicKey: bytes(32),
    proof: bytes(64),
    certificate: maybe(blob),
    token: maybe(text),
  }),
  fc.record({
    type: type('welcome'),
    time: number,
    authority: maybe(bytes(32)),
    certificate: maybe(blob),
    refusal: maybe(fc.record({ code: text, message: text })),
  }),
  fc.record({ type: type('error'), repository: maybe(repository), code: text, message: text }),
  fc.record({
    type: type('summary'),
    repository,
    answer: fc.boolean(),
    follows: fc.boolean(),
    heads: ids,
    count: number,
    ladder: fc.array(bytes(8), { maxLength: 4 }),
    seal: maybe(id),
    boundary: maybe(ids),
    incomplete: maybe(ids),
    resume: maybe(fc.record({ frontier: ids, filter: maybe(blob) })),
    credit: number,
  }),
  fc.record({
    type: fc.constantFrom('want' as const, 'need' as const),
    repository,
    round: number,
    base: ids,
    filter: blob,
    ids,
  }),
  fc.record({
    type: type('commits'),
    repository,
    round: number,
    more: fc.boolean(),
    partial: fc.boolean(),
    credentials: fc.array(blob, { maxLength: 3 }),
    inflated: number,
    payload: blob,
  }),
  fc.record({ type: type('ack'), repository, frontier: ids, seal: maybe(id), voids: ids }),
  fc.record({
    type: type('reject'),
    repository,
    rejections: fc.array(fc.record({ id, code: text, final: fc.boolean(), message: text, seal: maybe(id) }), {
      maxLength: 3,
    }),
  }),
  fc.record({ type: type('credit'), repository, bytes: number }),
  fc.record({ type: type('ping'), repository, time: number, heads: bytes(8) }),
  fc.record({ type: type('presence'), repository, data: blob }),
  fc.record({ type: type('keyframe?'), repository, at: ids, part: number }),
  fc.record({
    type: type('keyframe'),
    repository,
    at: ids,
    commits: fc.array(blob, { maxLength: 2 }),
    part: number,
    parts: number,
    size: number,
    hash: bytes(32),
    inflated: number,
    payload: blob,
  }),
  fc.record({
    type: type('history?'),
    repository,
    round: number,
    deep: fc.boolean(),
    brief: fc.boolean(),
    ids,
    prefixes: fc.array(bytes(8), { maxLength: 3 }),
  }),
  fc.record({
    type: type('history'),
    repository,
    round: number,
    credentials: fc.array(blob, { maxLength: 3 }),
    lacking: ids,
    next: ids,
    inflated: number,
    payload: blob,
  }),
  fc.record({
    type: type('shallow'),
    repository,
    commits: fc.array(fc.record({ id, time: fc.record({ ms: number, counter: number }) }), { maxLength: 3 }),
  }),
)

/** What decoding gives, or the code of its refusal; anything else that is thrown is a bug. */
function tryDecode(frame: Uint8Array): ReturnType<typeof decodeMessage> | string {
  try {
    return decodeMessage(frame)
  } catch (error) {
    if (!(error instanceof IbexError)) throw error
    return error.code
  }
}

test('every message is read as it was written', () => {
  fc.assert(
    fc.property(message, (given) => {
      expect(decodeMessage(encodeMessage(given))).toEqual(given)
    }),
    { numRuns: 500 },
  )
})

test('what was decoded does not share the bytes of the frame', () => {
  fc.assert(
    fc.property(message, (given) => {
      const frame = encodeMessage(given)
      const decoded = decodeMessage(frame)
      frame.fill(0xee)
      expect(decoded).toEqual(given)
    }),
  )
})

describe('I-4: decoding is strict', () => {
  const readsBack = (frame: Uint8Array): void => {
    const decoded = tryDecode(frame)
    if (typeof decoded === 'string' || decoded.type === 'unknown') return
    expect(encodeMessage(decoded)).toEqual(frame)
  }

  test('a changed, cut or longer frame is refused, or is the canonical frame of another message', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat(255), (given, at, byte) => {
        const frame = encodeMessage(given)
        const changed = frame.slice()
        changed[at % frame.length] = byte
        readsBack(changed)
        readsBack(frame.subarray(0, at % frame.length))
        expect(tryDecode(Uint8Array.from([...frame, byte]))).toBe('malformed-bytes')
      }),
      { numRuns: 500 },
    )
  })

  test('noise is refused', () => {
    fc.assert(
      fc.property(fc.nat(18), fc.uint8Array({ maxLength: 60 }), (first, rest) =>
        readsBack(Uint8Array.from([first, ...rest])),
      ),
      {
        numRuns: 3000,
      },
    )
  })
})

test('golden bytes: type numbers and layout stay', () => {
  const ack: Message = {
    type: 'ack',
    repository: requireRepositoryPath('/data/m'),
    frontier: [commitIdOf(new Uint8Array(32).fill(7))],
    voids: [],
  }
  expect(Buffer.from(encodeMessage(ack)).toString('hex')).toBe(`09072f646174612f6d01${'07'.repeat(32)}0000`)
  const types = fc.sample(message, 500).map((given) => `${encodeMessage(given)[0]} ${given.type}`)
  expect([...new Set(types)].sort((a, b) => Number.parseInt(a) - Number.parseInt(b))).toEqual([
    '1 nonce',
    '2 hello',
    '3 welcome',
    '4 error',
    '5 summary',
    '6 want',
    '7 need',
    '8 commits',
    '9 ack',
    '10 reject',
    '11 credit',
    '12 ping',
    '13 presence',
    '14 keyframe?',
    '15 keyframe',
    '16 history?',
    '17 history',
    '18 shallow',
  ])
})

test('types that are newer are told apart from nonsense', () => {
  for (const number of [0, 19, 200]) {
    expect(decodeMessage(Uint8Array.of(number, 1, 2, 3))).toEqual({ type: 'unknown', number })
  }
  expect(tryDecode(new Uint8Array(0))).toBe('malformed-bytes')
})

test('I-14: huge claims cost nothing', () => {
  expect(tryDecode(new Uint8Array(MAX_FRAME_BYTES + 1))).toBe('limit')
  // A summary that claims 2^40 heads.
  const path = [10, ...Buffer.from('/data/main')]
  expect(tryDecode(Uint8Array.of(5, ...path, 0, 0, 128, 128, 128, 128, 128, 64, 1, 2, 3))).toBe('malformed-bytes')
})
