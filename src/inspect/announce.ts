/**
 * A store lets itself be looked into. In development every store does; this much is there from its start, so it is little: it
 * counts what goes over its lines, and notes where actions come from; in production, where that costs users something, only
 * when a devtools hook is in the page. The rest is loaded when a panel comes.
 */
import type { Probe } from '../ports.js'
import type { Store } from '../store/face.js'
import type { LinkOptions } from '../store/link-options.js'
import type { AppStore } from '../store/store.js'
import { messagePortTransport } from '../transport/message-port.js'
import type { Transport } from '../transport/port.js'
import type { Agent } from './agent.js'
import type { Exposed } from './exposed.js'
import { createLines } from './lines.js'
import type { Redact } from './masks.js'
import { enter, openRegistry } from './registry.js'
import { RELEASE } from './release.js'
import { createSources } from './sources.js'

export interface ExposeOptions {
  /**
   * Loads the rest. Written by the caller, because bundlers keep a file that is loaded on demand by anything that they have
   * once looked at.
   */
  load(): Promise<{ createAgent(exposed: Exposed): Agent }>
  /** What the app holds of the store, where that is another object. */
  readonly face?: Store | undefined
  readonly redact?: Redact | undefined
  /** See {@link Exposed}. */
  readonly keyframeFrom?: number | undefined
}

/** So many commits are copied in less than a second. */
const KEYFRAME_FROM = 5000

/** Opens a store to devtools, until it is closed. */
export function announce(
  store: AppStore,
  { load, face = store, redact, keyframeFrom = KEYFRAME_FROM }: ExposeOptions,
): Exposed {
  const surroundings = store.ports()
  const { watchers } = openRegistry()
  const always = isDevelopment()
  const exposed: Exposed = {
    store,
    face,
    redact,
    keyframeFrom,
    lines: createLines(surroundings),
    sources: createSources(),
  }
  surroundings.probe = {
    acted(window, action) {
      if (always || watchers.size > 0) exposed.sources.note(window, action)
    },
    linked: (transport, link) => exposed.lines.watch(transport as Transport, link as LinkOptions) as typeof transport,
  } satisfies Probe
  let agent: Promise<Agent> | undefined
  const leave = enter({
    id: unlike(),
    name: store.name,
    release: RELEASE,
    since: surroundings.clock.now(),
    serve(port) {
      const transport = messagePortTransport(port)
      agent ??= load().then(({ createAgent }) => createAgent(exposed))
      agent.then(
        (loaded) => loaded.attach(transport),
        (error: unknown) => {
          // The next panel tries again.
          agent = undefined
          transport.close(`The devtools' part of ibex-state could not be loaded: ${String(error)}`)
        },
      )
    },
  })
  store.stops.push(leave)
  return exposed
}

/** As the bundler says; where there is none there is no `process`. */
function isDevelopment(): boolean {
  try {
    return process.env.NODE_ENV !== 'production'
  } catch {
    return false
  }
}

/** Not of the store's own chance, which shall be as it is when nobody looks. */
function unlike(): string {
  return `${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`
}
