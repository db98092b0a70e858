/** How commands name items: `task/t-42`, or by their path, or `t-42` alone, since ids are unique in a repository. */
import { IbexError } from '../errors.js'
import type { RepositoryState } from '../history/state.js'
import { requireItemId } from '../ids.js'
import type { AnySchema } from '../schema/schema.js'

export interface NamedItem {
  readonly schema: AnySchema
  readonly id: string
}

/** Throws `item-missing` for an item that there is not and never was, `malformed-id` for what names none. */
export function findItem(text: string, state: RepositoryState, schemas: readonly AnySchema[]): NamedItem {
  const [last = '', name] = text.startsWith('/') ? [text.slice(text.lastIndexOf('/') + 1)] : text.split('/').reverse()
  const id = requireItemId(last)
  const item = name ? state.get(name, id) : state.find(id)
  const schema = schemas.find((each) => each.name === (item?.layout.schema ?? name))
  if (item && schema) return { schema, id }
  throw new IbexError('item-missing', `There is no item '${text}', and there never was.`)
}
