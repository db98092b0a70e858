/** How a page knows that another one lives. */

/** The part of `navigator.locks` that is used. */
export interface LocksLike {
  request(
    name: string,
    options: { ifAvailable?: boolean; signal?: AbortSignal },
    held: (lock: unknown) => Promise<void>,
  ): Promise<unknown>
}

/** The lock that a page holds for as long as it lives. */
export function pageLock(id: string): string {
  return `ibex page ${id}`
}
