/** What vouches for an action: a seal of the authority above it, or the signature of its session. */
import type { TimelineEntry } from '../../../src/index.js'
import type { CommitColumns } from '../state/commit-columns.js'

export interface Verified {
  readonly by: 'seal' | 'signature'
  readonly meaning: string
}

/** Undefined for what is in no commit yet, and for what was refused. */
export function verifiedBy({ indexOf, sealed }: CommitColumns, entry: TimelineEntry): Verified | undefined {
  if (entry.kind === 'seal') return { by: 'seal', meaning: 'Signed by the authority' }
  const index = entry.commit === undefined ? undefined : indexOf.get(entry.commit)
  if (index === undefined || entry.standing === 'void') return undefined
  return sealed[index] === 1
    ? { by: 'seal', meaning: 'A seal of the authority covers it' }
    : { by: 'signature', meaning: 'Signed by its session; no seal covers it yet' }
}
