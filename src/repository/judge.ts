/**
 * The authority's judgement (I-9): what depends on state (rules, schema validation, the claimed time) is judged once, at
 * receipt, by the server that holds the authority, in its own order and by its own clock.
 */
import { IbexError } from '../errors.js'
import { type Commit, encodeCommit } from '../graph/commit.js'
import { isAhead, ZERO_TIME, compareTimes } from '../graph/time.js'
import { MAX_SEAL_PARENTS } from '../graph/header.js'
import type { CommitId } from '../ids.js'
import { foldProvisional, voidCommit } from '../history/fold.js'
import { hashKeyframe } from '../history/keyframe.js'
import type { Chunk } from '../item/change.js'
import { createSnapshotBuilder, type SnapshotBuilder, snapshotOf, storedOf } from '../item/snapshot.js'
import { existence } from '../item/fields/existence.js'
import { checkStored } from '../schema/check.js'
import type { AnySchema, AnySnapshot } from '../schema/schema.js'
import type { Journal } from './journal.js'
import { type Asker, type Config, findRule, type WriteRequest } from './rules.js'
import type { Refusal } from './verdicts.js'

/** What admission asks of the authority. */
export interface Judge {
  /** Throws `clock-ahead` or `sign-in`: the same commit may be sent again later. */
  checkTime(commit: Commit): void
  /** Folds the commit; where it must not stand, takes it out again and says why. */
  judge(commit: Commit, chunks: readonly Chunk[]): Refusal | undefined
}

/** The judge of one repository. Without a configuration whatever is structurally valid stands. */
export function createJudge(journal: Journal, config: Config | undefined): Judge {
  const { repository, options } = journal
  const schemas = new Map<string, AnySchema>(config?.schemas.map((schema) => [schema.name, schema]))
  const builders = new Map<string, SnapshotBuilder>()
  for (const schema of schemas.values()) {
    builders.set(schema.name, createSnapshotBuilder(schema, repository.path, options.sessions.authorOf))
  }

  function look(chunk: Chunk): AnySnapshot | undefined {
    const item = repository.state.get(chunk.schema, chunk.item)
    const builder = builders.get(chunk.schema)
    return item && builder && snapshotOf(item, builder)
  }

  /** What is wrong with an item after a commit wrote these fields. */
  function faults(chunk: Chunk): string {
    const item = repository.state.get(chunk.schema, chunk.item)
    const schema = schemas.get(chunk.schema)
    if (!item || !schema) return ''
    const stored = storedOf(item, schema)
    const isShown = existence(item) === 'present'
    const appears = isShown && chunk.changes.some(({ tag }) => tag === 'create' || tag === 'restore')
    const written = chunk.changes
      .map(({ field }) => field)
      // What is written to an item that is not there is seen when it is: only what it lacks is no fault yet.
      .filter((field) => Object.hasOwn(schema.fields, field) && (isShown || stored[field] !== undefined))
    return checkStored(schema, stored, appears ? schema.names : written)
      .map(({ path, message }) => `${path.join('.')}: ${message}`)
      .join('; ')
  }

  return {
    checkTime({ header, id }) {
      const now = repository.surroundings.clock.now()
      const parents = header.parents.map((parent) => journal.graph.get(parent)?.time ?? ZERO_TIME)
      const newest = parents.reduce((a, b) => (compareTimes(a, b) > 0 ? a : b), ZERO_TIME)
      if (isAhead(header.time, newest, now)) {
        throw new IbexError('clock-ahead', `The commit ${id} claims a time more than a minute ahead. Set the clock.`)
      }
      const session = options.sessions.get(header.session)
      if (!session?.certificate || session.expires < now) {
        throw new IbexError('sign-in', `The session ${header.session} has no valid certificate. Connect again.`)
      }
    },

    judge(commit, chunks) {
      const before = config ? chunks.map(look) : []
      repository.touch(foldProvisional(repository.state, commit, chunks))
      let reason: Omit<Refusal, 'id'> | undefined
      try {
        reason = config && judgeChunks(commit, chunks, before)
      } catch (error) {
        // The app's own code failed. What it did not allow is forbidden, and the server goes on.
        reason = { code: 'forbidden', message: `A rule or validator failed: ${String(error)}` }
      }
      if (!reason) return undefined
      repository.touch(voidCommit(repository.state, commit.id))
      return { id: commit.id, ...reason }
    },
  }

  function judgeChunks(
    { header }: Commit,
    chunks: readonly Chunk[],
    before: readonly (AnySnapshot | undefined)[],
  ): Omit<Refusal, 'id'> | undefined {
    const found = config!.rules && findRule(config!.rules, repository.path)
    if (config!.rules && !found) return { code: 'forbidden', message: `No rule allows writing to ${repository.path}.` }
    const known = options.sessions.get(header.session)
    const session: Asker = { id: header.session, user: known?.user ?? null }
    for (const [i, chunk] of chunks.entries()) {
      const name = `${chunk.schema}/${chunk.item}`
      // Of a later version, too, nothing could be checked.
      if (!(chunk.version <= (schemas.get(chunk.schema)?.version ?? -1))) {
        return {
          code: 'invalid',
          message: `The server does not know the schema '${chunk.schema}' (version ${chunk.version}). Deploy its configuration first.`,
        }
      }
      const fault = faults(chunk)
      if (fault) return { code: 'invalid', message: `${name} would be invalid. ${fault}` }
      if (!found) continue
      const after = look(chunk)
      const was = before[i]
      const operation = operationOf(was !== undefined, after !== undefined, chunk)
      const verdict = found.rule.write({
        session,
        path: repository.path,
        params: found.params,
        operation,
        schema: chunk.schema,
        id: chunk.item,
        before: was,
        after,
      })
      if (verdict === true) continue
      const why = typeof verdict === 'string' ? verdict : `A rule forbids to ${operation} ${name}.`
      return { code: 'forbidden', message: why }
    }
    return undefined
  }
}

function operationOf(existed: boolean, exists: boolean, chunk: Chunk): WriteRequest['operation'] {
  if (existed) return exists ? 'update' : 'delete'
  return chunk.changes.some((change) => change.tag === 'create') ? 'create' : exists ? 'restore' : 'update'
}

/** So many void commits fit into one seal with all its parents. */
const MAX_LISTED = 4096

/**
 * A seal over all heads, signed by the authority and stored; undefined where the newest commit is one already. With a
 * keyframe, of what is accepted here, the seal names it, and is made in any case.
 */
export function seal(journal: Journal, keyframe?: Uint8Array): CommitId | undefined {
  const { graph, repository } = journal
  const { sha256 } = journal.options.crypto
  journal.joinHeads(MAX_SEAL_PARENTS)
  const parents = graph.heads()
  const sealed = parents.length === 1 && graph.get(parents[0]!)!.kind === 'seal'
  if (parents.length === 0 || (sealed && journal.fates.unsealedVoids.size === 0 && !keyframe)) return undefined
  const listed = [...journal.fates.unsealedVoids].sort().slice(0, MAX_LISTED)
  // Of several seals the last names it: what is not listed as void before it counts.
  const named =
    keyframe && listed.length === journal.fates.unsealedVoids.size ? hashKeyframe(keyframe, sha256) : undefined
  const commit = encodeCommit(
    {
      ...journal.header(),
      kind: 'seal',
      flush: repository.nextFlush(),
      parents,
      actions: [],
      chunks: [],
      seal: { count: graph.size, authorityHead: '', void: listed, ...(named && { keyframe: named }) },
    },
    sha256,
  )
  journal.addToGraph(commit, 'accepted')
  journal.fates.lastSeal = commit.id
  for (const id of listed) journal.fates.unsealedVoids.delete(id)
  void journal.signAndStore(commit)
  journal.onAdmitted.emit([commit.id])
  return journal.fates.unsealedVoids.size > 0 ? seal(journal, keyframe) : commit.id
}
