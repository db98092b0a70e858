/** A moment as a text that can be sent to somebody who looks at the same data: `ibex:main/data/main@<moment>`. */

export interface MomentLink {
  readonly store: string
  readonly path: string
  readonly moment: string
}

export function linkOf({ store, path, moment }: MomentLink): string {
  return `ibex:${encodeURIComponent(store)}${path}@${moment}`
}

/** Undefined for what is no link. Whether there is such a moment is another question. */
export function readLink(text: string): MomentLink | undefined {
  // A path may have a sign of its own: `/user/ada@example.com/main`.
  const match = /^ibex:([^/@]*)(\/.+)@([\w.~]+)$/.exec(text.trim())
  if (!match) return undefined
  try {
    return { store: decodeURIComponent(match[1]!), path: match[2]!, moment: match[3]! }
  } catch {
    return undefined
  }
}
