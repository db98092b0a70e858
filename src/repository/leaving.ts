/**
 * Edits that are not yet durable when a page hides (I-3): they are written to `localStorage` in the same task, and posted to
 * the tab that owns the storage. What is not signed yet has reached nobody: whoever comes next makes commits of it, unless
 * the log has that flush. What is signed may have reached the server, and is written as it is, so that it cannot count
 * twice.
 */
import { fromHex, type Lane, type RepositoryPath } from '../ids.js'
import { encodeChunk } from '../item/change.js'
import type { FlushWindow } from './window.js'
import { ByteWriter } from '../value/bytes.js'

/** The part of `localStorage` that is used. */
export interface TextStorage {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** What a text begins with: the flush, or the signed commit that was made of it. */
export const UNSIGNED = 1
export const SIGNED = 2
const NO_NOISE = new Uint8Array(16)

/** Which flush of which page. */
interface Left {
  readonly repository: RepositoryPath
  readonly lane: Lane
  readonly window: FlushWindow
}

/** The key under which a flush is left: by store, so that others' are not touched; those of a lane sort by their number. */
export function leftKey(folder: string, { repository, lane, window }: Left): string {
  return `ibex left ${folder} ${repository} ${lane} ${String(window.flush).padStart(10, '0')}`
}

/** Of which repository and page a key is. */
export function readKey(key: string): { readonly repository: string | undefined; readonly lane: string | undefined } {
  const [, , , repository, lane] = key.split(' ')
  return { repository, lane }
}

/** The keys of flushes that pages of this store have left. */
export function leftKeys(texts: TextStorage, folder: string): string[] {
  const keys: string[] = []
  for (let i = 0; i < texts.length; i++) {
    const key = texts.key(i)
    if (key?.startsWith(`ibex left ${folder} `)) keys.push(key)
  }
  return keys.sort()
}

/** Nobody finishes what pages of a folder left. */
export function forgetLeft(texts: TextStorage | undefined, folder: string): void {
  if (texts) for (const key of leftKeys(texts, folder)) texts.removeItem(key)
}

/** Writes a flush down. Answers how long the text is; 0 where it did not fit. */
export function leave(texts: TextStorage, key: string, left: Left): number {
  try {
    const text = toLatin1(encode(left))
    texts.setItem(key, text)
    return text.length
  } catch {
    return 0
  }
}

/** What is written down must be what is sent: whoever finds it then must not make another commit of it. */
export function rewriteWhenSigned(texts: TextStorage, key: string, left: Left): void {
  left.window.onSigned = () => {
    if (texts.getItem(key) !== null) leave(texts, key, left)
  }
}

function encode({ repository, lane, window }: Left): Uint8Array {
  const writer = new ByteWriter()
  writer.u8(window.signed ? SIGNED : UNSIGNED)
  if (window.signed) {
    writer.bytes(window.signed)
    return writer.finish()
  }
  writer.string(repository)
  writer.raw(fromHex(lane))
  writer.varuint(window.flush)
  writer.varuint(window.actions.length)
  for (const { label, at } of window.actions) {
    writer.string(label ?? '')
    writer.varuint(at)
  }
  const chunks = window.chunks()
  writer.varuint(chunks.length)
  for (const chunk of chunks) writer.bytes(encodeChunk(chunk, NO_NOISE))
  return writer.finish()
}

/** One character a byte: half the work of base 64, and none of its padding. */
function toLatin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
