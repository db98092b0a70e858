/** `ibex export-log`: every commit as a line of JSON, oldest first, for other programs. */
import { since } from '../graph/ancestry.js'
import { type Commit, decodeCommit } from '../graph/commit.js'
import type { Moment } from '../history/moment.js'
import { type CommitId, requireCommitId, toHex } from '../ids.js'
import { type Chunk, decodeChunk } from '../item/change.js'
import { FINE, type Io } from './io.js'
import { stringify } from './print-value.js'
import { createRevisions } from './revision.js'
import type { TargetOptions } from './replica-target.js'
import { withTarget } from './target.js'

export interface ExportLogOptions extends TargetOptions {
  /** With the bytes of each commit as they are stored, in base64. */
  readonly raw?: boolean | undefined
}

export function exportLog(io: Io, range: string | undefined, options: ExportLogOptions): Promise<number> {
  return withTarget(io, options, async (target) => {
    const { history, opened } = target
    const { graph, options: journal } = opened.journal
    const { from, to } = createRevisions(history, graph, io.now()).range(range)
    const frontierOf = (moment: Moment): CommitId[] => history.place(moment).commits.map(requireCommitId)
    const wanted = new Set(
      since(graph, from === undefined ? [] : frontierOf(from), to === undefined ? graph.heads() : frontierOf(to)).map(
        ({ id }) => id,
      ),
    )
    for (let i = 0; i < history.commits.count; i++) {
      const { id, by, standing } = history.commits.at(i)
      if (!wanted.has(requireCommitId(id))) continue
      const bytes = await opened.journal.storage.bytesOf(requireCommitId(id))
      const line = { ...plainCommit(decodeCommit(bytes, journal.crypto.sha256)), by, standing }
      io.out(stringify(options.raw ? { ...line, bytes } : line))
    }
    return FINE
  })
}

function plainCommit({ id, header, actions, chunks, signature }: Commit): object {
  const { kind, repository, session, lane, flush, time, parents, seal } = header
  return {
    id,
    kind,
    repository,
    parents,
    at: time.ms,
    counter: time.counter,
    session,
    lane,
    flush,
    actions: actions.map(({ label, offset }) => ({ label, at: time.ms + offset })),
    items: chunks.flatMap(({ bytes }) => (bytes ? [plainChunk(decodeChunk(bytes))] : [])),
    withheld: chunks.filter(({ bytes }) => !bytes).map(({ hash }) => toHex(hash)),
    signature: signature && toHex(signature),
    ...(seal && { seal: { ...seal, keyframe: seal.keyframe && toHex(seal.keyframe) } }),
  }
}

function plainChunk({ schema, item, version, changes }: Chunk): object {
  return { schema, id: item, version, changes }
}
