/** A store in which one repository is as it was, and everything else as it is. */
import type { AnySchema } from '../../schema/schema.js'
import type { Collection } from '../collection-face.js'
import type { HasCollections, Past } from './face.js'
import { refusePastWrite } from './past-collection.js'

/** `store`, with the repository of `path` as `past` shows it; see `Past.within`. */
export function storeWithin<T extends HasCollections>(store: T, path: string, past: Pick<Past, 'collection'>): T {
  const isPast = (options?: { readonly in?: string | undefined }): boolean => (options?.in ?? store.repository) === path
  const own: Omit<HasCollections, 'repository'> = {
    collection: <S extends AnySchema>(schema: S, options?: { readonly in?: string | undefined }): Collection<S> =>
      isPast(options) ? past.collection(schema) : store.collection(schema, options),
    transact(fn, options) {
      if (isPast(options)) refusePastWrite()
      return store.transact(fn, options)
    },
  }
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(name in own ? own : target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
