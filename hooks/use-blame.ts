'use client'
import type { AnySchema, BlameOf, Moment } from '../src/index.js'
import { both, type HistoryStatus } from './held-history.js'
import { keeping } from './keep-equal.js'
import { type HistoryOptions, useOfHistory } from './of-history.js'
import { checkItem, useScope } from './scope.js'
import { pastIn } from './travelled.js'

export interface BlameOptions extends HistoryOptions {
  /** Who wrote what the item held at this moment. Default: what is shown, now or inside a `TimeTravel` then. */
  readonly at?: Moment | null | undefined
}

/**
 * Who wrote what an item's fields hold, when and by which action, or the same of one field; and how the history stands. Of
 * `$exists`: who created, deleted or restored the item last. Re-renders only when the answer is another. With `id` null there is none.
 */
export function useBlame<S extends AnySchema>(
  schema: S,
  id: string | null,
  options?: BlameOptions,
): [blame: BlameOf<S> | undefined, status: HistoryStatus]
export function useBlame<S extends AnySchema, F extends keyof BlameOf<S> & string>(
  schema: S,
  id: string | null,
  field: F,
  options?: BlameOptions,
): [blame: BlameOf<S>[F] | undefined, status: HistoryStatus]
export function useBlame(
  schema: AnySchema,
  id: string | null,
  fieldOrOptions?: string | BlameOptions,
  optionsOfField?: BlameOptions,
): [blame: never, status: HistoryStatus] {
  const [field, options = {}] =
    typeof fieldOrOptions === 'string' ? [fieldOrOptions, optionsOfField] : [undefined, fieldOrOptions]
  const scope = useScope(options)
  checkItem(scope, schema, id)
  const { at } = options
  const key = id && JSON.stringify([schema.name, schema.version, id, field, at])
  const shown = useOfHistory(scope, options.suspense, key, (history) => {
    const past = at ? undefined : pastIn(scope.store, scope.path)
    return {
      get: keeping(() => {
        const blame = history.blame(schema, id!, { at: at ?? past?.moment }) as { readonly [field: string]: unknown }
        return field === undefined ? blame : blame[field]
      }),
      subscribe(listener) {
        const stop = history.subscribe(listener)
        return past ? both(stop, past.subscribe(listener)) : stop
      },
    }
  })
  return (typeof shown === 'string' ? [undefined, shown] : [shown, 'ready']) as [never, HistoryStatus]
}
