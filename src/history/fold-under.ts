/** Where a replica that has written something begins from a keyframe; see `repository/clone.ts`. */
import type { Item } from '../item/state.js'
import { refoldItem } from './fold.js'
import { layerOf, type RepositoryState } from './state.js'

/**
 * Puts what others have accepted under what is provisional here, where nothing is accepted yet; takes the other state over.
 * Answers every item of it.
 */
export function foldUnder(state: RepositoryState, accepted: RepositoryState): Item[] {
  const items: Item[] = []
  for (const schema of accepted.schemas()) {
    for (const item of accepted.items(schema)) {
      const shown = state.get(schema, item.id)
      if (!shown || shown === item) {
        state.take(accepted, item)
        items.push(item)
        continue
      }
      const layer = layerOf(shown) ?? { base: undefined, parts: [] }
      layer.base = item
      shown.layer = layer
      refoldItem(state, shown)
      items.push(shown)
    }
  }
  return items
}
