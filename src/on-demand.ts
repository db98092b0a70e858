/**
 * Parts of the program that few sessions need: they are loaded when they are, so that they weigh nothing before. Each is
 * listed in `scripts/budget.mjs` with its reason.
 */
import { IbexError } from './errors.js'

/**
 * Loads a part once. What could not be loaded (there is no network, or the server has another release by now) rejects with
 * `unreachable`, and is tried again when it is asked for again: whoever asks must be able to go on without it until then.
 */
export function onDemand<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  return () =>
    (loading ??= load().catch((cause: unknown) => {
      loading = undefined
      throw new IbexError('unreachable', 'A part of the store could not be loaded.', { cause })
    }))
}
