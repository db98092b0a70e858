/** Everything that there was at a moment. */
import type { Moment } from '../history/moment.js'
import type { AnySnapshot } from '../schema/schema.js'
import type { Target } from './replica-target.js'

/** Items by schema, both in the order of their names. */
export function stateAt({ history, schemas }: Target, moment: Moment): Record<string, readonly AnySnapshot[]> {
  const past = history.checkout(moment)
  try {
    const sorted = schemas.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    return Object.fromEntries(
      sorted.map((schema) => [schema.name, past.collection(schema).query({ orderBy: '$id' }).get()]),
    )
  } finally {
    past.close()
  }
}
