/** What vouches for an action: a seal of the authority above it, or the signature of its session. */
import type { AnySchema, TimelineEntry } from '../../../src/index.js'
import type { Open } from '../state/repository-session.js'

export interface Verified {
  readonly by: 'seal' | 'signature'
  readonly meaning: string
}

export function verifiedBy({ history, schemas }: Open, entry: TimelineEntry): Verified | undefined {
  if (entry.kind === 'seal') return { by: 'seal', meaning: 'Signed by the authority' }
  const [item] = entry.items
  const schema = schemas.find(({ name }) => name === item?.schema)
  if (!item || !schema || entry.moment === undefined) return undefined
  const blame = history.blame<AnySchema>(schema, item.id, { at: entry.moment })
  const own = Object.values(blame).find((each) => each?.action === entry.id)
  if (!own || own.verified === 'pending') return undefined
  return own.verified === 'seal'
    ? { by: 'seal', meaning: 'A seal of the authority covers it' }
    : { by: 'signature', meaning: 'Signed by its session; no seal covers it yet' }
}
