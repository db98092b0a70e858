'use client'
/** Suspense while a repository opens: the only thing that hooks wait for. */
import type { Scope } from './scope.js'

interface Opening {
  /** Fulfilled when opening ended, well or badly. */
  readonly ended: Promise<void>
  failure?: { readonly error: unknown }
}

/** What is opening now, or has failed and was not thrown yet, by store and path: React renders anew as often as it likes. */
const openings = new WeakMap<Scope['store'], Map<string, Opening>>()

/**
 * Returns when the scope's repository can be read; until then suspends the component that is being rendered. When it could
 * not be opened, throws why; an error boundary that is reset tries again.
 */
export function suspendUntilReady({ store, path }: Scope): void {
  if (store.isReady(path)) return
  let byPath = openings.get(store)
  if (!byPath) openings.set(store, (byPath = new Map()))
  const opening = byPath.get(path) ?? open(store, path, byPath)
  if (opening.failure) {
    // Kept for the rest of this task, in which React renders once more before it believes the error.
    setTimeout(() => byPath.get(path) === opening && byPath.delete(path))
    throw opening.failure.error
  }
  // React's protocol for suspending, in 18 and 19.
  // oxlint-disable-next-line typescript/only-throw-error
  throw opening.ended
}

function open(store: Scope['store'], path: string, byPath: Map<string, Opening>): Opening {
  const ended = store.ready(path).then(
    () => void byPath.delete(path),
    (error: unknown) => {
      opening.failure = { error }
    },
  )
  const opening: Opening = { ended }
  byPath.set(path, opening)
  return opening
}
