import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IbexError } from '../errors.js'
import type { CommitId, RepositoryPath } from '../ids.js'
import { commitIdOf, fromHex, laneOf, sessionIdOf } from '../ids.js'
import { ByteWriter, concatBytes } from '../value/bytes.js'
import type { Action, Sha256 } from './body.js'
import { encodeActions, encodeChunks, hashChunk } from './body.js'
import type { Commit, CommitParts } from './commit.js'
import {
  checkParents,
  decodeCommit,
  decodeStored,
  decodeStoredHeader,
  encodeCommit,
  MAX_COMMIT_BYTES,
  signedMessage,
  stripCommit,
  withoutSignature,
  withSignature,
} from './commit.js'
import type { CommitKind, Seal } from './header.js'
import { encodeHeader } from './header.js'

const sha256: Sha256 = (bytes) => new Uint8Array(createHash('sha256').update(whole(bytes)).digest())
const whole = (bytes: Uint8Array | readonly Uint8Array[]): Uint8Array =>
  bytes instanceof Uint8Array ? bytes : Buffer.concat(bytes)
const hashOf = (text: string): Uint8Array => sha256(new TextEncoder().encode(text))
const idOf = (text: string): CommitId => commitIdOf(hashOf(text))
const ids = (count: number): CommitId[] => Array.from({ length: count }, (_, n) => idOf(`parent ${n}`)).sort()
const refusal = (code: string): unknown => expect.objectContaining({ name: 'IbexError', code })
const session = sessionIdOf(hashOf('session').slice(0, 16))
const lane = laneOf(hashOf('lane').slice(0, 8))
const main = '/data/main' as RepositoryPath

/** A chunk as an item would write it: 16 random bytes, item id, schema, version, two changes of a field each. */
function realisticChunk(item = 'V1StGXR8-Z5jdHi6BmyT'): Uint8Array {
  const writer = new ByteWriter()
  writer.raw(hashOf(item).slice(0, 16))
  writer.string(item)
  writer.string('task')
  writer.varuint(1)
  writer.varuint(2)
  for (const [field, value] of [
    ['title', 'Buy milk and bread'],
    ['done', true],
  ] as const) {
    writer.varuint(0)
    writer.string(field)
    writer.u8(3)
    writer.value(value)
  }
  return writer.finish()
}

function change(more: Partial<CommitParts> = {}): CommitParts {
  return {
    kind: 'change',
    repository: main,
    session,
    lane,
    flush: 12,
    time: { ms: 1_764_000_000_000, counter: 0 },
    parents: ids(1),
    actions: [{ offset: 0 }],
    chunks: [realisticChunk()],
    ...more,
  }
}
const join = (more: Partial<CommitParts> = {}): CommitParts =>
  change({ kind: 'join', parents: ids(2), actions: [], chunks: [], ...more })
const seal = (more: Partial<Seal> = {}, parents: CommitId[] = ids(2)): CommitParts =>
  join({ kind: 'seal', parents, seal: { count: 9, authorityHead: '', void: [], ...more } })
const signature = concatBytes(hashOf('r'), hashOf('s'))

/** What {@link decodeCommit} read, written again from what it means alone. */
function rewritten(commit: Commit): Uint8Array {
  return concatBytes(
    encodeHeader(commit.header),
    encodeActions(commit.actions),
    encodeChunks(commit.chunks),
    commit.signature ?? new Uint8Array(0),
  )
}

const arbitraryHash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const arbitraryIds = (least: number, most: number): fc.Arbitrary<CommitId[]> =>
  fc.uniqueArray(arbitraryHash.map(commitIdOf), { minLength: least, maxLength: most }).map((some) => some.sort())
const arbitraryCommit: fc.Arbitrary<Commit> = fc
  .constantFrom<CommitKind>('change', 'change', 'join', 'seal')
  .chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      repository: fc.constantFrom(
        '/data/main',
        '/local/ui',
        '/user/a@b.c/notes',
        '/sys/authority',
      ) as fc.Arbitrary<RepositoryPath>,
      session: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(sessionIdOf),
      lane: fc.uint8Array({ minLength: 8, maxLength: 8 }).map(laneOf),
      flush: fc.maxSafeNat(),
      time: fc.record({ ms: fc.nat(2 ** 48 - 1), counter: fc.nat(0xffff) }),
      parents: kind === 'change' ? arbitraryIds(0, 4) : kind === 'join' ? arbitraryIds(2, 4) : arbitraryIds(1, 4),
      actions:
        kind === 'change'
          ? fc
              .array(fc.record({ label: fc.string({ unit: 'grapheme' }), gap: fc.nat(1000) }), {
                minLength: 1,
                maxLength: 4,
              })
              .map((some) => {
                let offset = 0
                return some.map(({ label, gap }, n): Action => {
                  offset += n ? gap : 0
                  return label ? { label, offset } : { offset }
                })
              })
          : fc.constant([]),
      chunks:
        kind === 'change'
          ? fc.array(fc.uint8Array({ minLength: 16, maxLength: 60 }), { minLength: 1, maxLength: 4 })
          : fc.constant([]),
      ...(kind === 'seal' && {
        seal: fc.record(
          {
            count: fc.maxSafeNat(),
            authorityHead: fc.oneof(fc.constant(''), arbitraryHash.map(commitIdOf)),
            void: arbitraryIds(0, 3),
            keyframe: arbitraryHash,
          },
          { requiredKeys: ['count', 'authorityHead', 'void'] },
        ),
      }),
    }),
  )
  .chain((parts) =>
    fc.tuple(fc.boolean(), fc.nat(15)).map(([signed, kept]) => {
      const commit = encodeCommit(parts, sha256)
      return stripCommit(signed ? withSignature(commit, signature) : commit, (index) => ((kept >> index) & 1) === 1)
    }),
  )

describe('I-4: encoding is canonical, decoding is strict', () => {
  test('what is decoded says what was encoded, and is kept as it came', () => {
    fc.assert(
      fc.property(arbitraryCommit, (commit) => {
        const decoded = decodeCommit(commit.bytes, sha256)
        expect(decoded).toEqual(commit)
        expect(decoded.bytes).toBe(commit.bytes)
        expect(rewritten(decoded)).toEqual(commit.bytes)
      }),
      { numRuns: 200 },
    )
  })

  test('whatever is accepted of mutated bytes would be written in the same way', () => {
    // Hashes are let through, so that mutations reach all that is read after them.
    const blind: Sha256 = (bytes) => sha256(bytes).fill(0)
    const mutation = fc.record({
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      replace: fc.boolean(),
      remove: fc.nat(3),
      insert: fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.constantFrom(Uint8Array.of(0x80, 0), Uint8Array.of(0xff))),
    })
    let accepted = 0
    fc.assert(
      fc.property(arbitraryCommit, fc.array(mutation, { minLength: 1, maxLength: 2 }), (commit, mutations) => {
        const original = { ...commit.header, bodyHash: new Uint8Array(32) }
        let bytes = concatBytes(encodeHeader(original), commit.bytes.subarray(commit.headerBytes.length))
        for (const { at, replace, remove, insert } of mutations) {
          const from = Math.floor(at * bytes.length)
          bytes = concatBytes(
            bytes.subarray(0, from),
            insert,
            bytes.subarray(from + (replace ? insert.length : remove)),
          )
        }
        try {
          const decoded = decodeCommit(bytes, blind)
          expect(rewritten(decoded)).toEqual(bytes)
          accepted++
        } catch (error) {
          expect(error).toBeInstanceOf(IbexError)
          expect(['malformed-bytes', 'malformed-path', 'newer-version', 'too-large', 'bad-hash']).toContain(
            (error as IbexError).code,
          )
        }
      }),
      { numRuns: 1500 },
    )
    expect(accepted).toBeGreaterThan(50)
  })

  test('random bytes are refused with a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (noise, likely) => {
        const bytes = likely ? concatBytes(encodeCommit(change(), sha256).bytes.subarray(0, 20), noise) : noise
        expect(() => decodeCommit(bytes, sha256)).toThrow(IbexError)
      }),
    )
  })

  test('any flipped bit and any cut is refused or gives another id; without its signature it is the same commit', () => {
    const commit = withSignature(encodeCommit(change(), sha256), signature)
    const unsigned = commit.bytes.length - 64
    for (let at = 0; at < commit.bytes.length; at++) {
      const bytes = commit.bytes.slice()
      bytes[at]! ^= 1 << (at % 8)
      if (at < commit.headerBytes.length) {
        let id: string = 'refused'
        try {
          id = decodeCommit(bytes, sha256).id
        } catch {}
        expect(id).not.toBe(commit.id)
      } else if (at < unsigned) expect(() => decodeCommit(bytes, sha256)).toThrow(IbexError)
      if (at === unsigned)
        expect(decodeCommit(commit.bytes.subarray(0, at), sha256)).toMatchObject({ id: commit.id, signature: null })
      else expect(() => decodeCommit(commit.bytes.subarray(0, at), sha256)).toThrow(refusal('malformed-bytes'))
    }
    expect(() => decodeCommit(concatBytes(commit.bytes, Uint8Array.of(0)), sha256)).toThrow(refusal('malformed-bytes'))
  })

  test('a body that is not the one of the header is refused', () => {
    const one = encodeCommit(change(), sha256)
    const other = encodeCommit(change({ chunks: [realisticChunk('another-item-of-20-c')] }), sha256)
    const forged = concatBytes(one.headerBytes, other.bytes.subarray(other.headerBytes.length))
    expect(() => decodeCommit(forged, sha256)).toThrow(refusal('bad-hash'))
  })
})

describe('a commit in the own log', () => {
  test('says the same when it is read back without its hashes', () => {
    fc.assert(
      fc.property(arbitraryCommit, ({ bytes }) => {
        const { chunks, ...rest } = decodeCommit(bytes, sha256)
        const stored = decodeStored(bytes, rest.id)
        expect(stored).toEqual({ ...rest, chunks: chunks.map(({ bytes }) => ({ bytes })) })
        expect(decodeStoredHeader(bytes, sha256)).toEqual({ id: rest.id, header: rest.header, bytes })
      }),
    )
  })

  test('is hashed once, for its id, where that is not known', () => {
    const { bytes, id } = encodeCommit(change({ chunks: ['a', 'b'].map(realisticChunk) }), sha256)
    let hashed = 0
    const counting: Sha256 = (input) => (hashed++, sha256(input))
    expect(decodeStoredHeader(bytes, counting).id).toBe(id)
    expect(hashed).toBe(1)
  })

  test('is refused where it is cut', () => {
    const { bytes, id } = encodeCommit(change(), sha256)
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeStored(bytes.slice(0, length), id)).toThrow(refusal('malformed-bytes'))
    }
  })
})

describe('hashes are those of protocol.md, section 2', () => {
  const text = (domain: string): Uint8Array => new TextEncoder().encode(domain)

  test('body hash, id and the signed message', () => {
    const chunks = [realisticChunk('first-item-of-twenty'), realisticChunk('second-item-of-twent')]
    const commit = encodeCommit(change({ actions: [{ label: 'Add', offset: 0 }, { offset: 250 }], chunks }), sha256)
    const actions = Uint8Array.of(2, 3, 65, 100, 100, 0, 250, 1)
    const bodyHash = sha256(concatBytes(text('ibex body 1'), sha256(actions), ...chunks.map(sha256)))
    expect(commit.header.bodyHash).toEqual(bodyHash)
    expect(commit.id).toBe(commitIdOf(sha256(concatBytes(text('ibex commit 1'), commit.headerBytes))))
    expect(signedMessage(main, commit.id)).toEqual(
      concatBytes(text('ibex commit 1'), text('/data/main'), fromHex(commit.id)),
    )
  })

  test('a signature holds in its own repository only', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const unsigned = encodeCommit(change(), sha256)
    const commit = withSignature(unsigned, new Uint8Array(sign(null, signedMessage(main, unsigned.id), privateKey)))
    const received = decodeCommit(commit.bytes, sha256)
    expect(verify(null, signedMessage(received.header.repository, received.id), publicKey, received.signature!)).toBe(
      true,
    )
    const elsewhere = '/data/other' as RepositoryPath
    expect(verify(null, signedMessage(elsewhere, received.id), publicKey, received.signature!)).toBe(false)
    expect(withoutSignature(received)).toEqual(unsigned)
  })

  test('chunks hashed before give the same commit', () => {
    const chunk = hashChunk(realisticChunk(), sha256)
    expect(encodeCommit(change({ chunks: [chunk] }), sha256)).toEqual(encodeCommit(change(), sha256))
  })
})

describe('a chunk may stand as its hash', () => {
  const chunks = ['first-item-of-twenty', 'second-item-of-twent', 'third-item-of-twenty'].map(realisticChunk)
  const whole = withSignature(encodeCommit(change({ chunks }), sha256), signature)

  test('id and signature stay, the chunk is gone from the bytes', () => {
    const stripped = stripCommit(whole, (index) => index === 1)
    const received = decodeCommit(stripped.bytes, sha256)
    expect(received).toEqual(stripped)
    expect(received.id).toBe(whole.id)
    expect(received.signature).toEqual(signature)
    expect(received.chunks.map((chunk) => chunk.bytes)).toEqual([null, chunks[1], null])
    expect(Buffer.from(received.bytes).includes(Buffer.from(chunks[0]!))).toBe(false)
    expect(stripCommit(received, () => true)).toBe(received)
  })

  test('another hash in its place is refused', () => {
    const stripped = stripCommit(whole, () => false)
    const bytes = stripped.bytes.slice()
    bytes[stripped.headerBytes.length + 10]! ^= 1
    expect(() => decodeCommit(bytes, sha256)).toThrow(refusal('bad-hash'))
  })

  test('a commit near the limit can be stripped of its smallest chunks, and is still read', () => {
    const many = Array.from({ length: 14_000 }, (_, n) => hashOf(`${n}`).slice(0, 16))
    const commit = encodeCommit(change({ chunks: many }), sha256)
    const stripped = stripCommit(commit, () => false)
    expect(stripped.bytes.length).toBeGreaterThan(MAX_COMMIT_BYTES)
    expect(decodeCommit(stripped.bytes, sha256).id).toBe(commit.id)
  })

  test('a body length that its chunks cannot have is refused', () => {
    for (const [commit, off] of [
      [whole, 1],
      [whole, -1],
      // Three chunks of 17 bytes at least, two counts and a label: 54 at least.
      [stripCommit(whole, () => false), 53 - whole.header.bodyLength],
    ] as const) {
      const header = encodeHeader({ ...commit.header, bodyLength: commit.header.bodyLength + off })
      const bytes = concatBytes(header, commit.bytes.subarray(commit.headerBytes.length))
      expect(() => decodeCommit(bytes, sha256)).toThrow(refusal('malformed-bytes'))
    }
  })
})

describe('what no commit can be is refused by writer and reader alike', () => {
  const wrong: Record<string, CommitParts> = {
    'parents out of order': change({ parents: ids(2).reverse() }),
    'a parent twice': change({ parents: [...ids(1), ...ids(1)] }),
    'more than 32 parents': change({ parents: ids(33) }),
    'more than 256 parents of a seal': seal({}, ids(257)),
    'a seal of nothing': seal({}, []),
    'a join of one': join({ parents: ids(1) }),
    'a join with a chunk': join({ chunks: [realisticChunk()] }),
    'a join with an action': join({ actions: [{ offset: 0 }] }),
    'a seal with a chunk': { ...seal(), chunks: [realisticChunk()] },
    'a seal with an action': { ...seal(), actions: [{ offset: 0 }] },
    'a seal without its fields': join({ kind: 'seal' }),
    'seal fields on a change': change({ seal: { count: 1, authorityHead: '', void: [] } }),
    'seal fields on a join': join({ seal: { count: 1, authorityHead: '', void: [] } }),
    'voids out of order': seal({ void: ids(3).reverse() }),
    'a change without a chunk': change({ chunks: [] }),
    'a change without an action': change({ actions: [] }),
    'a chunk too short for its random bytes': change({ chunks: [new Uint8Array(15)] }),
    'a first action that begins late': change({ actions: [{ offset: 1 }] }),
    'actions out of order': change({ actions: [{ offset: 0 }, { offset: 5 }, { offset: 4 }] }),
    'a time beyond 48 bits': change({ time: { ms: 2 ** 48, counter: 0 } }),
    'a counter beyond 16 bits': change({ time: { ms: 1, counter: 0x10000 } }),
  }
  test.each(Object.entries(wrong))('%s', (_, parts) => {
    expect(() => encodeCommit(parts, sha256)).toThrow(refusal('malformed-bytes'))
  })

  test('the most parents that are allowed', () => {
    for (const parts of [
      change({ parents: ids(32) }),
      join({ parents: ids(32) }),
      seal({}, ids(256)),
      change({ parents: [] }),
    ]) {
      expect(decodeCommit(encodeCommit(parts, sha256).bytes, sha256).header.parents).toEqual(parts.parents)
    }
  })

  /** A header written by hand, field by field, so that each rule of the reader meets its breach. */
  function handmade(more: {
    version?: number
    kind?: number
    repository?: string
    branch?: number
    parents?: CommitId[]
    ms?: number
    counter?: number
    tail?: number[]
    body?: number[]
  }): Uint8Array {
    const writer = new ByteWriter()
    writer.varuint(more.version ?? 1)
    writer.u8(more.kind ?? 0)
    writer.string(more.repository ?? '/data/main')
    writer.varuint(more.branch ?? 0)
    writer.raw(fromHex(session))
    writer.raw(fromHex(lane))
    writer.varuint(1)
    writer.varuint(more.ms ?? 1)
    writer.varuint(more.counter ?? 0)
    const parents = more.parents ?? []
    writer.varuint(parents.length)
    for (const parent of parents) writer.raw(fromHex(parent))
    const body = Uint8Array.from(more.body ?? [1, 0, 1, 16, ...new Uint8Array(16)])
    const from = body[0] === 1 ? 2 : 1
    const hashes = body.length > from + 1 ? [sha256(body.subarray(from + 2))] : []
    writer.raw(sha256(concatBytes(new TextEncoder().encode('ibex body 1'), sha256(body.subarray(0, from)), ...hashes)))
    writer.varuint(body.length)
    writer.raw(Uint8Array.from(more.tail ?? []))
    writer.raw(body)
    return writer.finish()
  }
  const nothing = [0, 0]

  test('the handmade header is read when it is right', () => {
    expect(decodeCommit(handmade({}), sha256).header.kind).toBe('change')
    expect(decodeCommit(handmade({ kind: 1, parents: ids(2), body: nothing }), sha256).header.kind).toBe('join')
    const tail = [9, 0, 0, 0]
    expect(decodeCommit(handmade({ kind: 2, parents: ids(1), body: nothing, tail }), sha256).header.seal!.count).toBe(9)
  })

  test.each([
    ['version 0', { version: 0 }],
    ['an unknown kind', { kind: 3 }],
    ['parents out of order', { parents: ids(2).reverse() }],
    ['33 parents', { parents: ids(33) }],
    ['257 parents of a seal', { kind: 2, parents: ids(257), body: nothing, tail: [9, 0, 0, 0] }],
    ['a seal of nothing', { kind: 2, body: nothing, tail: [9, 0, 0, 0] }],
    ['a join of one', { kind: 1, parents: ids(1), body: nothing }],
    ['a join with a body', { kind: 1, parents: ids(2) }],
    ['a seal with a body', { kind: 2, parents: ids(2), tail: [9, 0, 0, 0] }],
    ['a flag of 2', { kind: 2, parents: ids(2), body: nothing, tail: [9, 2, 0, 0] }],
    ['seal fields on a join', { kind: 1, parents: ids(2), body: nothing, tail: [9, 0, 0, 0] }],
    ['an empty change', { body: nothing }],
    ['a short chunk', { body: [1, 0, 1, 15, ...new Uint8Array(15)] }],
    ['a time beyond 48 bits', { ms: 2 ** 48 }],
    ['a counter beyond 16 bits', { counter: 0x10000 }],
  ])('the reader: %s', (_, more) => {
    expect(() => decodeCommit(handmade(more), sha256)).toThrow(refusal('malformed-bytes'))
  })

  test('the reader: no repository path', () => {
    expect(() => decodeCommit(handmade({ repository: 'data/main' }), sha256)).toThrow(refusal('malformed-path'))
  })

  test.each([
    ['format 2', { version: 2 }],
    ['a branch', { branch: 3 }],
  ])('what a later version may write is told apart: %s', (_, more) => {
    expect(() => decodeCommit(handmade(more), sha256)).toThrow(refusal('newer-version'))
  })
})

describe('limits', () => {
  const room =
    MAX_COMMIT_BYTES -
    withSignature(encodeCommit(change({ chunks: [new Uint8Array(40_000)] }), sha256), signature).bytes.length

  test('256 KiB with the signature, and not a byte more', () => {
    const largest = encodeCommit(change({ chunks: [new Uint8Array(40_000 + room)] }), sha256)
    const signed = withSignature(largest, signature)
    expect(signed.bytes.length).toBe(MAX_COMMIT_BYTES)
    expect(decodeCommit(signed.bytes, sha256).id).toBe(largest.id)
    expect(() => encodeCommit(change({ chunks: [new Uint8Array(40_001 + room)] }), sha256)).toThrow(
      refusal('too-large'),
    )
  })

  test('the reader refuses before it hashes, whatever stands there as a hash', () => {
    const commit = stripCommit(encodeCommit(change(), sha256), () => false)
    const header = encodeHeader({ ...commit.header, bodyLength: MAX_COMMIT_BYTES })
    const bytes = concatBytes(header, commit.bytes.subarray(commit.headerBytes.length))
    const never = (): Uint8Array => expect.unreachable('hashed')
    expect(() => decodeCommit(bytes, never)).toThrow(refusal('too-large'))
    expect(() => decodeCommit(new Uint8Array(2 * MAX_COMMIT_BYTES + 1), never)).toThrow(refusal('too-large'))
  })

  test('a commit of one item with two fields takes at most 270 bytes', () => {
    const { bytes } = withSignature(encodeCommit(change(), sha256), signature)
    if (process.env['IBEX_REPORT']) console.log(`commit of one item and two fields: ${bytes.length} bytes`)
    expect(bytes.length).toBeLessThanOrEqual(270)
  })
})

describe('I-5: a commit is later than each of its parents', () => {
  const header = { parents: ids(2), time: { ms: 10, counter: 2 } }

  test('by a tick at least', () => {
    expect(() =>
      checkParents(header, [{ time: { ms: 10, counter: 1 } }, { time: { ms: 9, counter: 0xffff } }]),
    ).not.toThrow()
    expect(() => checkParents({ ...header, parents: [] }, [])).not.toThrow()
    for (const time of [header.time, { ms: 10, counter: 3 }, { ms: 11, counter: 0 }]) {
      expect(() => checkParents(header, [{ time: { ms: 1, counter: 0 } }, { time }])).toThrow(refusal('bad-time'))
    }
  })

  test('a missing parent is told', () => {
    expect(() => checkParents(header, [{ time: { ms: 1, counter: 0 } }])).toThrow(refusal('bad-parents'))
    expect(() => checkParents(header, [undefined, { time: { ms: 1, counter: 0 } }])).toThrow(refusal('bad-parents'))
  })
})
