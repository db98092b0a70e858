/**
 * Between the page's own world and the extension's in the same frame. It begins by `window.postMessage`, which everybody in the
 * page can hear and imitate: that says no more than that there is something, and hands over a port. Through the port go texts
 * only: Firefox lets neither world read the other's buffers.
 */
import type { Piece } from '../../src/inspect/text-line.js'

/** Tells these messages from others that a page sends itself. */
const MARK = 'ibex-state devtools'

/** What the page hook says. */
export interface StoresHere {
  readonly mark: typeof MARK
  readonly from: 'page-hook'
  /** There are stores in this document. */
  readonly type: 'stores-here'
}

/** What the content script says. */
export type ContentScriptToPageHook =
  /** Are there any? It may have come after they were told of. */
  | { readonly mark: typeof MARK; readonly from: 'content-script'; readonly type: 'any-stores' }
  /** A panel wants to talk, over the port that comes with this. */
  | { readonly mark: typeof MARK; readonly from: 'content-script'; readonly type: 'connect' }

export type PageHookContentScript = StoresHere | ContentScriptToPageHook

/** A message of one end, without what marks it. */
type Bare<T> = T extends unknown ? Omit<T, 'mark' | 'from'> : never

export function say(from: 'page-hook', message: Bare<StoresHere>): void
export function say(from: 'content-script', message: Bare<ContentScriptToPageHook>, port?: MessagePort): void
export function say(from: PageHookContentScript['from'], message: { type: string }, port?: MessagePort): void {
  // A document without an origin (a sandboxed frame) can only be addressed as anybody.
  const target = location.origin === 'null' ? '*' : location.origin
  window.postMessage({ mark: MARK, from, ...message }, target, port ? [port] : [])
}

/** Calls `fn` with what the other end says in this window. */
export function listen<From extends PageHookContentScript['from']>(
  from: From,
  fn: (message: Extract<PageHookContentScript, { from: From }>, port: MessagePort | undefined) => void,
): void {
  window.addEventListener('message', (event) => {
    const message = event.data as Partial<PageHookContentScript> | null
    if (event.source !== window || message?.mark !== MARK || message.from !== from) return
    fn(message as Extract<PageHookContentScript, { from: From }>, event.ports[0])
  })
}

/** What goes through the port, both ways: a {@link Piece}, or the end of the line. */
export type PortText = string

const MORE = '0'
const LAST = '1'
const END = 'x'

export function pieceAsText({ text, last }: Piece): PortText {
  return (last ? LAST : MORE) + text
}

export function endAsText(reason: string): PortText {
  return END + reason
}

/** The piece; or, after the end, why. */
export function readText(text: PortText): Piece | string {
  const [kind] = text
  const rest = text.slice(1)
  return kind === END ? rest : { text: rest, last: kind === LAST }
}
