'use client'
import type { History } from '../src/index.js'
import { type HistoryOptions, itself, useOfHistory } from './of-history.js'
import { useScope } from './scope.js'

/**
 * The history of the repository itself, to be asked in event handlers and effects; the same object as long as somebody uses it.
 * Does not re-render when something happens: what is shown comes from the other hooks. With `suspense: false` undefined until
 * it is open.
 */
export function useRepositoryHistory(options?: HistoryOptions & { readonly suspense?: true | undefined }): History
export function useRepositoryHistory(options?: HistoryOptions): History | undefined
export function useRepositoryHistory(options: HistoryOptions = {}): History | undefined {
  const history = useOfHistory(useScope(options), options.suspense, '', itself)
  return typeof history === 'string' ? undefined : history
}
