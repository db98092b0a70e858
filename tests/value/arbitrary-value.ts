/** Values for property tests of every floor. */
import fc from 'fast-check'
import type { Value } from '../../src/value/value.js'

/** Any value, with the numbers, texts and keys that encodings get wrong. */
export const arbitraryValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => {
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: 'grapheme', minLength: 100, maxLength: 140 }),
  )
  return {
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom<Value>(null, true, false, 0, '', 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 53, 5e-324),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      text,
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Uint8Array.from(bytes)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        text.filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }
}).value
