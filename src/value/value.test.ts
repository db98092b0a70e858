import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IbexError } from '../errors.js'
import { ByteReader, ByteWriter } from './bytes.js'
import { crc32c } from './crc32c.js'
import { readNumbers, writeNumbers } from './number-list.js'
import { compareValues, equalValues } from './order.js'
import { arbitraryValue } from '../../tests/value/arbitrary-value.js'
import type { Value } from './value.js'
import { freezeDeep, isBytes, isPlainObject, requireValue } from './value.js'

function refusal(value: unknown, path?: readonly (string | number)[]): IbexError {
  try {
    requireValue(value, path)
  } catch (error) {
    if (error instanceof IbexError && error.code === 'invalid-value') return error
    throw error
  }
  throw new Error('it was accepted')
}

test('requireValue copies values in, deeply frozen; −0 becomes 0', () => {
  fc.assert(
    fc.property(arbitraryValue, (value) => {
      const copy = requireValue(value)
      expect(copy).toEqual(value)
      if (typeof value === 'object' && value !== null) expect(copy).not.toBe(value)
    }),
  )
  const given = { list: [{ n: -0 }], bytes: Buffer.from([1]) }
  const copy = requireValue(given) as { list: [{ n: number }]; bytes: Uint8Array }
  expect(Object.is(copy.list[0].n, 0)).toBe(true)
  expect([copy, copy.list, copy.list[0]].every((part) => Object.isFrozen(part))).toBe(true)
  given.bytes[0] = 2
  expect(copy.bytes).toEqual(Uint8Array.of(1))
})

test('requireValue refuses everything else, and says where it stands', () => {
  class Task {}
  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  const wrong = [
    undefined,
    NaN,
    -Infinity,
    1n,
    Symbol('a'),
    () => 1,
    new Date(),
    new Map(),
    new Task(),
    cycle,
    [,],
    '\ud800',
  ]
  for (const value of wrong) {
    expect(refusal(value).issues).toHaveLength(1)
    expect(refusal({ a: [0, value] }, ['field']).issues[0]!.path.slice(0, 3)).toEqual(['field', 'a', 1])
  }
  expect(refusal({ a: [0, new Task()] }, ['field']).message).toMatch(/^field\.a\.1: .* got Task\.$/)
  expect(refusal(JSON.parse('{"__proto__": {}}')).message).toContain('__proto__')
  expect(refusal({ '\udc00': 1 }).code).toBe('invalid-value')
  expect(refusal(new Float64Array(1)).message).toContain('Float64Array')
})

test('plain objects and bytes of another realm are what they are', () => {
  const foreign: unknown = runInNewContext('({ a: [new Uint8Array([1, 2])] })')
  expect(requireValue(foreign)).toEqual({ a: [Uint8Array.of(1, 2)] })
  expect(isPlainObject(Object.create(null))).toBe(true)
  for (const other of [null, [], new Date(), new Uint8Array(), Object.create({ a: 1 })]) {
    expect(isPlainObject(other)).toBe(false)
  }
  expect(isBytes(new Uint8ClampedArray(1)) || isBytes({ [Symbol.toStringTag]: 'Uint8Array' })).toBe(false)
})

test('freezeDeep freezes all the way, also what refers to itself', () => {
  const value: { list: object[]; self?: object; bytes: Uint8Array } = { list: [{}], bytes: new Uint8Array(1) }
  value.self = value
  expect(freezeDeep(value)).toBe(value)
  expect([value, value.list, value.list[0]].every((part) => Object.isFrozen(part))).toBe(true)
})

test('the order of values is total, and equality agrees with it', () => {
  fc.assert(
    fc.property(arbitraryValue, arbitraryValue, arbitraryValue, (a, b, c) => {
      const order = compareValues(a, b)
      expect(Math.sign(order) + Math.sign(compareValues(b, a))).toBe(0)
      expect(equalValues(a, b)).toBe(order === 0)
      expect(equalValues(a, structuredClone(a)) && compareValues(a, structuredClone(a)) === 0).toBe(true)
      const sorted = [a, b, c].sort(compareValues)
      expect(compareValues(sorted[0]!, sorted[2]!)).toBeLessThanOrEqual(0)
    }),
    { numRuns: 500 },
  )
  const ascending: Value[] = [
    null,
    false,
    true,
    -1,
    0,
    0.5,
    '',
    'A',
    'a',
    'aa',
    Uint8Array.of(),
    Uint8Array.of(1),
    Uint8Array.of(1, 0),
    Uint8Array.of(2),
    [],
    [0],
    [0, 0],
    [1],
    {},
    { a: 1 },
    { a: 1, b: 0 },
    { a: 2 },
    { b: 0 },
  ]
  for (let i = 0; i < ascending.length; i++) {
    for (let j = 0; j < ascending.length; j++) {
      expect(Math.sign(compareValues(ascending[i]!, ascending[j]!))).toBe(Math.sign(i - j))
    }
  }
  expect(equalValues({ a: 1 }, { b: 1 })).toBe(false)
  expect(equalValues({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
  expect(equalValues({ toString: 1 }, { a: 1 })).toBe(false)
})

test('crc32c: the vectors of RFC 3720, and any split of the range', () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, i) => i)
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43)
  expect(crc32c(ascending)).toBe(0x46dd794e)
  expect(crc32c(ascending.slice().reverse())).toBe(0x113fdb5c)
  expect(crc32c(new Uint8Array())).toBe(0)
  for (let start = 0; start < 9; start++) {
    for (let end = start; end < 32; end++) {
      expect(crc32c(ascending, start, end)).toBe(crc32c(ascending.slice(start, end)))
    }
  }
})

test('lists of numbers are read as they were written, in no more bytes than they need', () => {
  fc.assert(
    fc.property(
      fc.nat(2 ** 32 - 1).chain((most) => fc.array(fc.integer({ min: 0, max: most }), { maxLength: 40 })),
      fc.nat(3),
      (numbers, before) => {
        const writer = new ByteWriter()
        writer.raw(new Uint8Array(before))
        writeNumbers(writer, numbers)
        const reader = new ByteReader(writer.finish())
        reader.raw(before)
        expect([...readNumbers(reader)]).toEqual(numbers)
        reader.end()
      },
    ),
  )
  const sizeOf = (numbers: readonly number[]): number => {
    const writer = new ByteWriter()
    writeNumbers(writer, numbers)
    return writer.length
  }
  const many = (of: (i: number) => number): number[] => Array.from({ length: 1000 }, (_, i) => of(i))
  expect(sizeOf(many(() => 2 ** 31))).toBeLessThan(10)
  expect(sizeOf(many((i) => 2 ** 31 + (i % 256)))).toBeLessThan(1010)
  expect(sizeOf(many((i) => 2 ** 31 + i))).toBeLessThan(2010)
  const cut = new ByteReader(Uint8Array.of(3, 0, 1, 7))
  expect(() => readNumbers(cut)).toThrow(expect.objectContaining({ code: 'malformed-bytes' }))
  expect(() => readNumbers(new ByteReader(Uint8Array.of(1, 0, 3, 7, 7, 7)))).toThrow('Not a list of numbers')
})
