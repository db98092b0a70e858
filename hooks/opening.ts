'use client'
/** Suspense while something opens, a repository or its history: the only thing that hooks wait for. */
import type { Scope } from './scope.js'

interface Opening {
  /** Fulfilled when opening ended, well or badly. */
  readonly ended: Promise<void>
  failure?: { readonly error: unknown }
}

/** What is opening now, or has failed and was not thrown yet, by owner and name: React renders anew as often as it likes. */
const openings = new WeakMap<object, Map<string, Opening>>()

/**
 * Returns when the scope's repository can be read; until then suspends the component that is being rendered. When it could
 * not be opened, throws why; an error boundary that is reset tries again.
 */
export function suspendUntilReady({ store, path }: Scope): void {
  if (!store.isReady(path)) suspend(store, path, () => store.ready(path))
}

/** Suspends the component that is being rendered until what `begin` begins has ended; of one owner and name once at a time. */
export function suspend(owner: object, name: string, begin: () => Promise<unknown>): never {
  let byName = openings.get(owner)
  if (!byName) openings.set(owner, (byName = new Map()))
  const opening = byName.get(name) ?? open(byName, name, begin)
  if (opening.failure) {
    // Kept for the rest of this task, in which React renders once more before it believes the error.
    setTimeout(() => byName.get(name) === opening && byName.delete(name))
    throw opening.failure.error
  }
  // React's protocol for suspending, in 18 and 19.
  // oxlint-disable-next-line typescript/only-throw-error
  throw opening.ended
}

function open(byName: Map<string, Opening>, name: string, begin: () => Promise<unknown>): Opening {
  const ended = begin().then(
    () => void byName.delete(name),
    (error: unknown) => {
      opening.failure = { error }
    },
  )
  const opening: Opening = { ended }
  byName.set(name, opening)
  return opening
}
