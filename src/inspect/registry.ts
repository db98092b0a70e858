/**
 * Where the stores of a page and whoever wants to look into them find each other: one object on `globalThis`, made by
 * whichever of them comes first. It lies between copies of the package of any version, and between them and a browser
 * extension of another: its shape never changes.
 */

const REGISTRY: unique symbol = Symbol.for('ibex-state.devtools') as never

export interface Registry {
  /** Every store that can be looked into, oldest first. */
  readonly stores: Set<Announcement>
  /** Called after a store came or went. Whoever is here is a devtools hook: its presence makes stores collect more. */
  readonly watchers: Set<() => void>
}

/** A store that can be looked into. */
export interface Announcement {
  /** Unique. */
  readonly id: string
  readonly name: string
  /** The version of ibex-state that it is of. */
  readonly release: string
  /** Milliseconds since 1970. */
  readonly since: number
  /** Talks to a panel over a port of a channel, in streams (`streams.ts`), of which the panel opens those that it needs. */
  serve(port: MessagePort): void
}

/** The page's registry. */
export function openRegistry(): Registry {
  const page = globalThis as { [REGISTRY]?: Registry }
  return (page[REGISTRY] ??= { stores: new Set(), watchers: new Set() })
}

/** Adds a store; what is answered takes it out again. */
export function enter(announcement: Announcement): () => void {
  const { stores, watchers } = openRegistry()
  const tell = (): void => {
    for (const watcher of Array.from(watchers)) watcher()
  }
  stores.add(announcement)
  tell()
  return () => {
    if (stores.delete(announcement)) tell()
  }
}
