/** What `history.checkout` gives. */
import { IbexError } from '../../errors.js'
import { positionOf, sightAt } from '../../history/sight.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import type { PastRepository } from '../../repository/past.js'
import type { AnySchema } from '../../schema/schema.js'
import type { Collection } from '../collection-face.js'
import type { Past } from './face.js'
import { createPastCollection } from './past-collection.js'
import { storeWithin } from './past-store.js'

/** A past of its own, and what stands behind it. */
export function createPast(keeper: HistoryKeeper, repository: PastRepository): Past {
  const collections = new Map<string, Collection<AnySchema>>()
  let closed = false
  const require = (): void => {
    keeper.require()
    if (closed) throw new IbexError('store-closed', 'This past was closed.')
  }
  const past: Past = {
    get moment() {
      return repository.moment
    },
    subscribe: (listener) => repository.onMoved.subscribe(listener),
    collection<S extends AnySchema>(schema: S) {
      require()
      const key = `${schema.name} ${schema.version}`
      let collection = collections.get(key)
      if (!collection) {
        collection = createPastCollection(schema as AnySchema, keeper.journal.repository.path, repository.table(schema))
        collections.set(key, collection)
      }
      return collection as unknown as Collection<S>
    },
    within: (store) => storeWithin(store, keeper.journal.repository.path, past),
    seek(moment) {
      require()
      repository.seek(moment)
    },
    step(actions = 1) {
      require()
      const from = repository.position
      const first = positionOf(sightAt(keeper.ledger, 0))
      const to = Math.max(first, Math.min(keeper.ledger.length, from + actions))
      if (to === from) return false
      repository.seekPosition(to)
      return true
    },
    close() {
      if (closed) return
      closed = true
      keeper.release(repository)
    },
  }
  return past
}
