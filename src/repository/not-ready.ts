import { IbexError } from '../errors.js'

/** Throws `not-ready`, to whoever writes to a repository before it is open. */
export function notReady(path: string): never {
  throw new IbexError(
    'not-ready',
    `The repository ${path} is not open yet. Await store.ready() before the first write; components inside <StoreProvider> need not.`,
  )
}
