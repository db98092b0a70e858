/** An action in a few words. */
import type { TimelineEntry, TouchedItem } from '../../../src/index.js'

/** `title, tags`, `create task`, `delete 3 items`, `seal`. */
export function summaryOf({
  kind,
  known,
  items,
  standing,
}: Pick<TimelineEntry, 'kind' | 'known' | 'items' | 'standing'>): string {
  if (kind !== 'action') return kind === 'seal' ? 'Seal' : 'Join'
  if (known === 'index') return 'On its way …'
  const [first] = items
  // What was refused has left the log with all that it wanted to change.
  if (!first) return standing === 'void' ? 'Refused' : 'Erased, or not to be read here'
  if (items.length === 1) return didOf(first)
  const all = new Set(items.map(({ did }) => did))
  const did = all.size === 1 ? VERBS[first.did] : 'Change'
  const fields = new Set(items.flatMap((item) => (item.did === 'update' ? item.fields : [])))
  const what = did === 'Change' && fields.size > 0 && fields.size <= 3 ? `${[...fields].join(', ')} of ` : ''
  return what ? `${what}${items.length} items` : `${did} ${items.length} items`
}

const VERBS = { create: 'Create', update: 'Change', delete: 'Delete', restore: 'Restore' } as const

function didOf({ did, schema, fields }: TouchedItem): string {
  if (did !== 'update') return `${VERBS[did]} ${schema}`
  return fields.length > 0 ? fields.join(', ') : `Change ${schema}`
}
