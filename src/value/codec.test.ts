import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { IbexError } from '../errors.js'
import { fromHex, toHex } from '../ids.js'
import { ByteReader, ByteWriter, concatBytes, equalBytes } from './bytes.js'
import { decodeValue, encodeValue } from './codec.js'
import { compareBytes } from './order.js'
import { compareUtf8, decodeUtf8, encodeUtf8 } from './utf8.js'
import type { Value } from './value.js'
import { arbitraryValue } from '../../tests/value/arbitrary-value.js'

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof IbexError) return error.code
    throw error
  }
  return 'accepted'
}

/** Decodes hostile bytes: accepted ones must encode to themselves, others must be refused with the one code. */
function holdsCodecLaw(bytes: Uint8Array): void {
  let value: Value
  try {
    value = decodeValue(bytes)
  } catch (error) {
    if (error instanceof IbexError && error.code === 'malformed-bytes') return
    throw error
  }
  expect(toHex(encodeValue(value))).toBe(toHex(bytes))
}

describe('the codec law', () => {
  test('I-4: decode(encode(v)) is v, and deeply frozen', () => {
    fc.assert(
      fc.property(arbitraryValue, (value) => {
        const decoded = decodeValue(encodeValue(value))
        expect(decoded).toEqual(value)
        if (typeof decoded === 'object' && !(decoded instanceof Uint8Array)) expect(Object.isFrozen(decoded)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('I-4: encode(decode(b)) is b for every accepted b: random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 24 }), holdsCodecLaw), { numRuns: 2000 })
    // Small bytes only: most of them are tags and short lengths, so that far more is accepted.
    fc.assert(fc.property(fc.uint8Array({ maxLength: 24, max: 9 }), holdsCodecLaw), { numRuns: 3000 })
  })

  test('I-4: encode(decode(b)) is b for every accepted b: valid bytes with a byte changed, put in, taken out, cut', () => {
    const mutation = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(3))
    fc.assert(
      fc.property(arbitraryValue, fc.array(mutation, { minLength: 1, maxLength: 3 }), (value, mutations) => {
        let bytes = encodeValue(value)
        for (const [where, byte, how] of mutations) {
          const at = where % (bytes.length + 1)
          const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
          if (how === 0) bytes = concatBytes(before, Uint8Array.of(byte), after.subarray(1))
          else if (how === 1) bytes = concatBytes(before, Uint8Array.of(byte), after)
          else bytes = how === 2 ? concatBytes(before, after.subarray(1)) : before.slice()
        }
        holdsCodecLaw(bytes)
      }),
      { numRuns: 1000 },
    )
  })

  test('I-4: one value has one encoding, whatever the order in which keys were set', () => {
    expect(encodeValue({ b: 1, a: 2, '1': 3 })).toEqual(encodeValue({ '1': 3, a: 2, b: 1 }))
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary' })), (keys) => {
        const object = Object.fromEntries(keys.filter((key) => key !== '__proto__').map((key) => [key, null]))
        const reversed = Object.fromEntries(Object.entries(object).reverse())
        expect(encodeValue(reversed)).toEqual(encodeValue(object))
      }),
    )
  })

  test('the format: every tag, byte for byte', () => {
    const cases: [Value, string][] = [
      [null, '00'],
      [false, '01'],
      [true, '02'],
      [0, '0300'],
      [-0, '0300'],
      [-1, '0301'],
      [63, '037e'],
      [64, '038001'],
      [-65, '038101'],
      [Number.MAX_SAFE_INTEGER, '03feffffffffffff1f'],
      [Number.MIN_SAFE_INTEGER, '03fdffffffffffff1f'],
      [0.5, '04000000000000e03f'],
      [2 ** 53, '040000000000004043'],
      ['', '0500'],
      ['aé€😀', '050a61c3a9e282acf09f9880'],
      [Uint8Array.of(1, 255), '060201ff'],
      [[], '0700'],
      [[null, [true]], '0702000701' + '02'],
      [{}, '0800'],
      [{ b: 1, a: '' }, '08020161' + '0500' + '0162' + '0302'],
      [{ '\uffff': 1, '\u{10000}': 2 }, '080203efbfbf030204f09080800304'],
    ]
    for (const [value, hex] of cases) {
      expect(toHex(encodeValue(value))).toBe(hex)
      expect(decodeValue(fromHex(hex))).toEqual(value === 0 ? 0 : value)
    }
  })

  test('refuses what is not canonical', () => {
    const refused = {
      empty: '',
      'unknown tag': '09',
      'left over': '0000',
      'long zero': '038000',
      'long length': '05810061',
      'integer above the safe ones': '03808080808080802001',
      'integer just above the safe ones': '038080808080808020',
      'integer just below the safe ones': '03ffffffffffffff1f',
      'length of nine bytes': '0580808080808080808001',
      'integer as double': '04000000000000f03f',
      '−0': '040000000000000080',
      NaN: '04000000000000f87f',
      infinity: '04000000000000f07f',
      'text cut': '050261',
      'overlong text': '0502c080',
      'overlong text of three bytes': '0503e08080',
      'half a surrogate pair': '0503eda080',
      'beyond Unicode': '0504f4908080',
      'keys out of order': '08020162' + '00' + '0161' + '00',
      'key twice': '08020161' + '00' + '0161' + '00',
      'keys in UTF-16 order': '080204f090808000' + '03efbfbf00',
      'a prototype': '0801095f5f70726f746f5f5f00',
    }
    for (const [why, hex] of Object.entries(refused)) {
      expect([why, codeOf(() => decodeValue(fromHex(hex)))]).toEqual([why, 'malformed-bytes'])
    }
  })

  test('a byte order mark is text', () => {
    for (const text of ['\ufeffa', '\ufeff' + 'a'.repeat(500)]) expect(decodeValue(encodeValue(text))).toBe(text)
  })

  test('refuses lone surrogates when writing, in short and long text', () => {
    for (const text of ['\ud800', 'a\udc00', '\udc00\ud800', '\ud83dx', 'é'.repeat(300) + '\ud800']) {
      expect(codeOf(() => encodeValue(text))).toBe('invalid-value')
      expect(codeOf(() => encodeValue({ [text]: 1 }))).toBe('invalid-value')
    }
  })

  test('refuses to encode what is no value', () => {
    const wrong = [undefined, NaN, Infinity, 1n, Symbol.iterator, () => 1, new Date(0), [undefined], new Map()]
    for (const value of wrong) expect(codeOf(() => encodeValue(value as Value))).toBe('invalid-value')
    const cycle: Value[] = []
    cycle.push(cycle)
    expect(codeOf(() => encodeValue(cycle))).toBe('invalid-value')
    expect(codeOf(() => encodeValue(JSON.parse('{"__proto__":1}')))).toBe('invalid-value')
  })
})

describe('limits', () => {
  test('32 levels, not 33, in both directions', () => {
    let value: Value = 1
    for (let i = 0; i < 32; i++) value = i % 2 ? [value] : { a: value }
    expect(decodeValue(encodeValue(value))).toEqual(value)
    expect(codeOf(() => encodeValue([value]))).toBe('invalid-value')
    expect(codeOf(() => decodeValue(concatBytes(fromHex('0701'), encodeValue(value))))).toBe('malformed-bytes')
  })

  test('a megabyte of openings neither overflows the stack nor takes long', () => {
    const bytes = new Uint8Array(2 ** 20).fill(7)
    const started = performance.now()
    expect(codeOf(() => decodeValue(bytes))).toBe('malformed-bytes')
    expect(performance.now() - started).toBeLessThan(50)
  })

  test('refuses declared lengths beyond the input before it allocates', () => {
    for (const tag of ['05', '06', '07', '08']) {
      expect(codeOf(() => decodeValue(fromHex(tag + 'ffffffffffffff0f' + '00')))).toBe('malformed-bytes')
    }
    const reader = new ByteReader(Uint8Array.of(2, 0, 0))
    expect(codeOf(() => reader.count(2))).toBe('malformed-bytes')
    expect(new ByteReader(Uint8Array.of(1, 0, 0)).count(2)).toBe(1)
  })
})

describe('bytes', () => {
  test('numbers round-trip at every size, and end() sees what is left', () => {
    const whole = fc.oneof(
      fc.maxSafeNat(),
      fc.nat(300),
      fc.constantFrom(127, 128, 2 ** 31, 2 ** 32, 2 ** 49, 2 ** 53 - 1),
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(whole, fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))),
        (rows) => {
          const writer = new ByteWriter(1)
          for (const [a, b, c] of rows) {
            writer.varuint(a)
            writer.zigzag(b)
            writer.f64(c)
          }
          const bytes = writer.finish()
          expect(writer.length).toBe(bytes.length)
          const reader = new ByteReader(bytes)
          for (const row of rows)
            expect([reader.varuint(), reader.zigzag(), reader.f64()]).toEqual(row.map((n) => n + 0))
          reader.end()
          expect([reader.offset, reader.remaining]).toEqual([bytes.length, 0])
          expect(codeOf(() => reader.u8())).toBe('malformed-bytes')
        },
      ),
      { numRuns: 100 },
    )
    expect(codeOf(() => new ByteReader(Uint8Array.of(1)).end())).toBe('malformed-bytes')
    for (const n of [-1, 0.5, 2 ** 53, NaN]) expect(codeOf(() => new ByteWriter().varuint(n))).toBe('invalid-value')
  })

  test('raw, bytes and string keep their place in a row, around the sizes where the length grows', () => {
    for (const size of [0, 1, 42, 43, 64, 99, 100, 101, 127, 128, 5461, 5462, 16383, 16384]) {
      for (const letter of ['a', 'é', '€', '😀']) {
        const text = letter.repeat(size)
        const writer = new ByteWriter(1)
        writer.string(text)
        writer.raw(Uint8Array.of(7))
        writer.bytes(new TextEncoder().encode(text))
        writer.string(text)
        const reader = new ByteReader(Buffer.from(writer.finish()))
        expect(reader.string()).toBe(text)
        expect(reader.raw(1)).toEqual(Uint8Array.of(7))
        expect(equalBytes(reader.bytes(), new TextEncoder().encode(text))).toBe(true)
        expect(reader.string()).toBe(text)
        reader.end()
      }
    }
  })

  test('a decoded value does not change with its input', () => {
    const input = encodeValue([Uint8Array.of(1)])
    const value = decodeValue(input)
    input.fill(0)
    expect(value).toEqual([Uint8Array.of(1)])
  })

  test('concatBytes and equalBytes', () => {
    expect(concatBytes(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3))
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false)
  })
})

describe('UTF-8', () => {
  const hostile = fc
    .array(
      fc.constantFrom(
        0x61,
        0x7f,
        0x80,
        0x8f,
        0x90,
        0x9f,
        0xa0,
        0xbf,
        0xc0,
        0xc1,
        0xc2,
        0xdf,
        0xe0,
        0xed,
        0xef,
        0xf0,
        0xf4,
        0xf5,
      ),
      { maxLength: 30 },
    )
    .map((bytes) => Uint8Array.from(bytes))
  const text = fc.string({
    unit: fc.constantFrom('a', '%', '\0', 'é', '\ue000', '\uffff', '\ufeff', '\u{10000}', '\u{10ffff}'),
  })
  const outcome = (run: () => unknown): unknown => {
    try {
      return run()
    } catch {
      return 'refused'
    }
  }
  /** What `run` gives where there are no platform coders. */
  const bare = <T>(run: () => T): T => {
    vi.stubGlobal('TextEncoder', undefined)
    vi.stubGlobal('TextDecoder', undefined)
    try {
      return run()
    } finally {
      vi.unstubAllGlobals()
    }
  }

  test('with and without platform coders: the same bytes are read, as the same text', () => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        expect(bare(() => outcome(() => decodeUtf8(bytes)))).toBe(outcome(() => decodeUtf8(bytes)))
      }),
      { numRuns: 1000 },
    )
  })

  test('with and without platform coders: the same bytes are written', () => {
    fc.assert(
      fc.property(text, (written) => {
        const bytes = new TextEncoder().encode(written)
        expect(encodeUtf8(written)).toEqual(bytes)
        expect(bare(() => encodeUtf8(written))).toEqual(bytes)
        expect(bare(() => decodeUtf8(bytes))).toBe(written)
      }),
    )
  })

  test('compareUtf8 orders by bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const bytes = compareBytes(encodeUtf8(a), encodeUtf8(b))
        expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(bytes))
      }),
      { numRuns: 500 },
    )
  })
})
