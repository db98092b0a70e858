/**
 * The line between a page (one document) and a panel: streams over one transport. By the first the page tells what it is and
 * which stores it has, again whenever that changes; by others the panel talks to stores. The two ends are of one build: what
 * serves the page is the extension's page hook, or the dock, not the app.
 */
import { IbexError } from '../errors.js'
import { decodeValue, encodeValue } from '../value/codec.js'
import { isPlainObject, type Value } from '../value/value.js'

/** Purpose of the stream by which the page tells about itself. */
export const PAGE_STREAM = 'page 1'
/** What the purpose of a stream to a store begins with; its id follows. */
export const STORE_STREAM = 'store '

/** A document, and the stores in it that can be looked into. */
export interface PageAbout {
  /** Another one for each document. */
  readonly id: string
  readonly url: string
  readonly title: string
  readonly top: boolean
  readonly stores: readonly {
    readonly id: string
    readonly name: string
    readonly release: string
    readonly since: number
  }[]
}

export function encodePage(page: PageAbout): Uint8Array {
  return encodeValue(page as unknown as Value)
}

/** Throws `malformed-bytes`. */
export function decodePage(bytes: Uint8Array): PageAbout {
  const page = decodeValue(bytes)
  if (!isPlainObject(page) || typeof page['id'] !== 'string' || !Array.isArray(page['stores'])) {
    throw new IbexError('malformed-bytes', 'A page that does not tell what it is.')
  }
  return page as unknown as PageAbout
}
