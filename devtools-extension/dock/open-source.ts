import type { SourcePosition } from '../../src/inspect/topics.js'

/** Development servers open a file in the reader's editor when they are asked to: Vite and Next.js by this address. */
export function openSourceInEditor({ file, line, column }: SourcePosition): void {
  const { pathname, origin } = new URL(file, location.href)
  const path = pathname.startsWith('/@fs/') ? pathname.slice('/@fs'.length) : pathname.slice(1)
  void fetch(`${origin}/__open-in-editor?file=${encodeURIComponent(`${path}:${line}:${column}`)}`)
}
