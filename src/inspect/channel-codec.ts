/** Messages of the channel as bytes: one value each, in the codec of commits. */
import { IbexError } from '../errors.js'
import { decodeValue, encodeValue } from '../value/codec.js'
import { isPlainObject, type Value } from '../value/value.js'
import { CHANNEL_VERSIONS, type HelloMessage, type PageMessage, type PanelMessage } from './channel.js'

/** Bytes of a message. */
const MAX_MESSAGE_BYTES: number = 16 * 1024 * 1024

/** A message that came: of a type that this build may not know, with fields that nobody has looked at. */
export interface Received {
  readonly type: string
  readonly [field: string]: Value
}

export function encodeChannel(message: PanelMessage | PageMessage): Uint8Array {
  return encodeValue(message as unknown as Value)
}

/** Throws `limit` for what is too large, and `malformed-bytes`: end the line. */
export function decodeChannel(bytes: Uint8Array): Received {
  if (bytes.length > MAX_MESSAGE_BYTES) throw new IbexError('limit', `A message of ${bytes.length} bytes.`)
  const message = decodeValue(bytes)
  if (!isPlainObject(message) || typeof message['type'] !== 'string') {
    throw new IbexError('malformed-bytes', 'A message of the devtools without a type.')
  }
  return message as unknown as Received
}

/** A text, or nothing where something else came. */
export function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** The first word of an end. */
export function hello(release: string): HelloMessage {
  return { type: 'hello', versions: CHANNEL_VERSIONS, release }
}

/** The highest version that both ends know, or undefined. `message` is the other end's hello, of whatever version. */
export function agree(message: Received): number | undefined {
  const theirs: Value[] = Array.isArray(message['versions']) ? (message['versions'] as Value[]) : []
  return CHANNEL_VERSIONS.findLast((version) => theirs.includes(version))
}

/** Why two ends cannot talk, for a person. `theirs`: the hello of the other end, which is the page or the panel. */
export function disagreement(theirs: Received, who: 'page' | 'panel', release: string): string {
  const { versions, release: named } = theirs
  const newest = Math.max(...(Array.isArray(versions) ? versions : []).map(Number).filter(Number.isSafeInteger), 0)
  const other = textOf(named) || 'of an unknown release'
  const [page, panel] = who === 'page' ? [other, release] : [release, other]
  const theyAreNewer = newest > Math.max(...CHANNEL_VERSIONS)
  const behind = theyAreNewer === (who === 'page') ? 'the devtools' : 'ibex-state in the app'
  return `The page runs ibex-state ${page}, the devtools are ${panel}, and they have no version of their channel in common. Update ${behind}.`
}
