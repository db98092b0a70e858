/** How a repository stands, as one frozen object that changes identity only when something in it changed. */
import { IbexError } from '../errors.js'
import type { CommitId } from '../ids.js'
import type { Change, Chunk } from '../item/change.js'
import type { Repository } from '../repository/repository.js'
import type { Refusal } from '../repository/verdicts.js'
import { MAX_ACTION_BYTES, weigh } from '../repository/window.js'
import type { Value } from '../value/value.js'
import type { Write } from './collection-face.js'
import type { Engine } from './engine.js'
import type { Connection, HistoryStatus, Problem, RejectedChange, Rejection, Status } from './face.js'
import type { Opened } from './replica-options.js'

export interface Standing {
  readonly ready: boolean
  readonly opened: Opened | undefined
  readonly engine: Engine | undefined
  readonly hasServer: boolean
  readonly offline: boolean
  readonly error: IbexError | undefined
  readonly repository: Repository
}

/** The present status; `before` itself where nothing changed. */
export function buildStatus(standing: Standing, before: Status | undefined): Status {
  const { opened, engine, repository } = standing
  const status: Status = {
    ready: standing.ready,
    complete: standing.hasServer ? (opened?.complete ?? false) : standing.ready,
    connection: connectionOf(standing),
    pending: opened?.journal.pendingActions ?? 0,
    storageMode: engine?.storageMode ?? 'opening',
    keyExtractable: engine?.keyExtractable ?? false,
    persisted: engine?.persisted ?? false,
    peers: engine?.replica.peers ?? 0,
    rejected: keep(before?.rejected, rejectionsOf(opened, before?.rejected ?? []), (a, b) => a === b),
    problems: keep(
      before?.problems,
      problemsOf(repository, opened),
      (a, b) => a.message === b.message && a.id === b.id,
    ),
    history: keepHistory(before?.history, opened?.history() ?? NOT_OPEN),
    error: standing.error ?? engine?.replica.refusal ?? opened?.refusal,
  }
  const same = before && (Object.keys(status) as (keyof Status)[]).every((key) => Object.is(before[key], status[key]))
  return same ? before : Object.freeze(status)
}

const NOT_OPEN: HistoryStatus = { state: 'partial', here: 0, verified: 0, total: 0, firstBad: undefined }

function keepHistory(before: HistoryStatus | undefined, now: HistoryStatus): HistoryStatus {
  const same = before && (Object.keys(now) as (keyof HistoryStatus)[]).every((key) => before[key] === now[key])
  return same ? before : Object.freeze(now)
}

function connectionOf({ hasServer, offline, engine, opened }: Standing): Connection {
  if (!hasServer) return 'local'
  if (offline) return 'offline'
  const { connection, refusal } = engine?.replica ?? {}
  if (refusal || opened?.refusal || connection === 'refused') return 'refused'
  if (connection === 'online' || connection === 'local') return connection
  return connection === 'waiting' || connection === 'offline' ? 'offline' : 'connecting'
}

/** `before`, if the lists say the same. */
function keep<T>(before: readonly T[] | undefined, now: readonly T[], same: (a: T, b: T) => boolean): readonly T[] {
  return before?.length === now.length && now.every((one, i) => same(one, before[i]!)) ? before : Object.freeze(now)
}

function problemsOf(repository: Repository, opened: Opened | undefined): Problem[] {
  const { path } = repository
  const problems: Problem[] = (opened?.problems ?? []).map((message) => ({ kind: 'damage', message, repository: path }))
  const { distrusted } = opened ?? {}
  if (distrusted) problems.push({ kind: 'history', message: distrusted.message, repository: path })
  const failure = opened?.journal.storage.error
  if (failure) problems.push({ kind: 'storage', message: failure.message, repository: path })
  for (const table of repository.openTables()) {
    for (const { id, issues } of table.problems()) {
      const message = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
      problems.push({ kind: 'invalid-item', message, repository: path, schema: table.schema.name, id })
    }
  }
  return problems
}

function rejectionsOf(opened: Opened | undefined, before: readonly Rejection[]): Rejection[] {
  if (!opened) return []
  return [...opened.journal.verdicts.refusals.values()].map(
    (refusal) => before.find(({ commit }) => commit === refusal.id) ?? reject(opened, refusal),
  )
}

/** A refused commit of this session, with its changes. */
function reject(opened: Opened, { id, code, message }: Refusal): Rejection {
  const { journal, repository } = opened
  const chunks = (): readonly Chunk[] => journal.verdicts.refusals.get(id)?.chunks ?? []
  const rejection: Rejection = {
    commit: id,
    repository: repository.path,
    code,
    message,
    at: repository.surroundings.clock.now(),
    get changes() {
      return chunks().flatMap(({ item, schema, changes }) => changes.map((change) => readable(schema, item, change)))
    },
    retry: () => writeAnew(opened, id, chunks()),
    discard: () => journal.verdicts.settle(id),
  }
  return Object.freeze(rejection)
}

/**
 * Writes what a refused commit wanted (`chunks`: its own, or others in their place) as one action, as several only where it
 * does not fit into one, and then forgets the refusal. Throws before anything is written.
 */
export function writeAnew(
  { journal, repository }: Opened,
  refused: CommitId,
  chunks: readonly Chunk[],
  label?: string,
): Write {
  if (chunks.length === 0) throw new IbexError('bad-option', 'The refused changes are not here any more.')
  const weights = chunks.map(({ item, schema, changes }) => weigh(item, schema, changes))
  if (weights.some((weight) => weight > MAX_ACTION_BYTES)) {
    throw new IbexError('too-large', 'What is to be written of one item does not fit into one commit.')
  }
  // They are named by their places in the commit, where nothing of what is pending may stand before them.
  if (repository.waiting.length > 0 && chunks.some(takesBackOwn)) repository.settlePending()
  const writes = chunks.map(({ item, schema, version, changes }) => ({
    id: item,
    schema: { name: schema, version },
    changes: changes.map((change) => ({ ...change, action: 0 })),
  }))
  const whole = weights.reduce((sum, weight) => sum + weight, 0) <= MAX_ACTION_BYTES
  const window = repository.writeMany(writes, label, { whole })
  journal.verdicts.settle(refused)
  return {
    wait: (level) => {
      if (window.level === 'open') journal.capture()
      return window.wait(level)
    },
  }
}

/** Whether elements are taken out of a set that were put into it by the same commit. */
function takesBackOwn({ changes }: Chunk): boolean {
  return changes.some(
    ({ tag, value }) =>
      tag === 'remove' && ((value as Value[])[1] as Value[]).some((add) => (add as Value[])[0] === null),
  )
}

function readable(schema: string, id: string, { field, tag, value }: Change): RejectedChange {
  return { schema, id, field, operation: String(tag), value }
}
