/** What has become of a store's own work, as data for a panel: what is pending, what was refused, what is wrong. */
import type { CommitId } from '../ids.js'
import type { Change, Chunk } from '../item/change.js'
import type { Journal } from '../repository/journal.js'
import type { FlushWindow, WindowAction } from '../repository/window.js'
import type { Problem, Rejection } from '../store/face.js'
import type { Exposed } from './exposed.js'
import type { PendingAbout, PendingAction, ProblemAbout, RejectionAbout, SourcePosition, Troubles } from './topics.js'
import { maskChange, maskReason, type Redact } from './masks.js'

/** Pending actions that are told one by one. */
const MAX_PENDING = 200

export function aboutPending({ store, sources }: Exposed): PendingAbout {
  let count = 0
  const actions: PendingAction[] = []
  for (const { repository, opened } of store.slots.values()) {
    const journal = opened?.journal
    if (!journal) continue
    count += journal.pendingActions
    const own = Array.from(journal.verdicts.own.values(), ({ window }) => window).filter(
      (window) => window !== undefined,
    )
    for (const window of [...own, ...journal.queued, ...repository.waiting]) {
      const place = { repository: repository.path, level: levelOf(window), commit: window.id ?? null } as const
      actions.push(...describe(place, window.actions, window.chunks(), (number) => sources.of(window, number)))
    }
  }
  // Of those of one millisecond, too, the newest first.
  actions.reverse().sort((a, b) => b.at - a.at)
  return { count, actions: actions.slice(0, MAX_PENDING) }
}

function levelOf({ level }: FlushWindow): PendingAction['level'] {
  return level === 'open' || level === 'captured' ? level : 'stored'
}

/** `source` is given an action's number in its window. */
function describe(
  place: Pick<PendingAction, 'repository' | 'level' | 'commit'>,
  actions: readonly WindowAction[],
  chunks: readonly Chunk[],
  source: (number: number) => SourcePosition | null,
): PendingAction[] {
  // A part of another action belongs to that.
  const outermost = actions.map(({ within }, number) => {
    let outer = number
    for (let next = within; next !== undefined; next = actions[next]!.within) outer = next
    return outer
  })
  const own = actions.flatMap(({ within }, number) => (within === undefined ? [number] : []))
  return own.map((number, index) => {
    const { label, at } = actions[number]!
    const belongs = ({ action }: Change): boolean => outermost[action] === number
    const touched = chunks.flatMap(({ schema, item, changes }) => {
      const fields = new Set(changes.filter(belongs).map(({ field }) => field))
      return fields.size > 0 ? [{ schema, item, fields: [...fields].filter((field) => field !== '') }] : []
    })
    return { ...place, label: label ?? null, at, action: index, touched, source: source(number) }
  })
}

export function aboutTroubles({ store, redact }: Exposed): Troubles {
  const rejected: RejectionAbout[] = []
  const problems: ProblemAbout[] = []
  for (const [path, { opened }] of store.slots) {
    const status = store.status(path)
    for (const rejection of status.rejected) rejected.push(aboutRejection(rejection, opened?.journal, redact))
    for (const problem of status.problems) problems.push(aboutProblem(problem, redact))
  }
  return { rejected, problems }
}

function aboutRejection(
  { commit, repository, code, message, at }: Rejection,
  journal: Journal | undefined,
  redact: Redact | undefined,
): RejectionAbout {
  const chunks = journal?.verdicts.refusals.get(commit as CommitId)?.chunks ?? []
  const changes = chunks.flatMap(({ schema, item, changes: done }) =>
    done.map((change) => {
      const { field, tag, value } = redact
        ? maskChange(change, { repository, schema, item, field: change.field }, redact)
        : change
      return { schema, item, field, operation: String(tag), value }
    }),
  )
  return { commit, repository, code, message: maskReason(message, redact), at, changes }
}

function aboutProblem({ kind, message, repository, schema, id }: Problem, redact: Redact | undefined): ProblemAbout {
  // What a validator says may quote the value.
  const text = redact && kind === 'invalid-item' ? 'The item does not satisfy its schema.' : message
  return { kind, message: text, repository: repository ?? null, schema: schema ?? null, item: id ?? null }
}
