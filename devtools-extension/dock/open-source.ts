import type { SourcePosition } from '../../src/inspect/topics.js'
import { placeInSource } from './source-map.js'

/** Vite's development server opens a file in the reader's editor when it is asked to. Rejects where none did. */
export async function openSourceInEditor({ file, ...served }: SourcePosition): Promise<void> {
  const { href, pathname, origin } = new URL(file, location.href)
  const { line, column } = await placeInSource(href, served)
  const path = pathname.startsWith('/@fs/') ? pathname.slice('/@fs'.length) : pathname.slice(1)
  const address = `${origin}/__open-in-editor?file=${encodeURIComponent(`${path}:${line}:${column}`)}`
  const answer = await fetch(address).catch(() => undefined)
  // A server that does not know the address may answer with the app.
  if (!answer?.ok || answer.headers.get('content-type')?.startsWith('text/html'))
    throw new Error('The development server did not open it.')
}
