/** One value as bytes. The format stands in `bytes.ts`. */
import { ByteReader, ByteWriter } from './bytes.js'
import type { Value } from './value.js'

/** The one encoding of `value`. @throws IbexError `invalid-value` for what is no value. */
export function encodeValue(value: Value): Uint8Array {
  const writer = new ByteWriter()
  writer.value(value)
  return writer.finish()
}

/** The value that `bytes` encode, deeply frozen. @throws IbexError `malformed-bytes` for all but {@link encodeValue}'s output. */
export function decodeValue(bytes: Uint8Array): Value {
  const reader = new ByteReader(bytes)
  const value = reader.value()
  reader.end()
  return value
}
