/**
 * A checkpoint: the index of the graph, the sessions, and what is accepted, so that opening a repository reads neither its
 * history nor folds it. It is a cache of the log on this device and never leaves it; so it is laid out to be copied into
 * memory as it lies.
 * ```
 * checkpoint = byte version | sessions | lanes | voids | refusals | last seal | graph | fates | state | unchecked
 *            | boundary?
 * ```
 */
import { IbexError } from '../errors.js'
import { Columns } from '../graph/columns.js'
import { idAt } from '../graph/id-table.js'
import { loadGraph } from '../graph/rearranging.js'
import { readState, writeState } from '../history/state-columns.js'
import { acceptedItems, type RepositoryState } from '../history/state.js'
import { type CommitId, commitIdOf, fromHex, type Lane, laneOf, sessionIdOf, type SessionId } from '../ids.js'
import { settledOrigin } from '../item/origin.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'
import { IS_LITTLE_ENDIAN } from '../value/number-list.js'
import { readBoundary, writeBoundary } from './boundary-section.js'
import { readGraph, writeGraph } from './graph-section.js'
import type { Journal } from './journal.js'
import type { Pace } from './pace.js'
import type { Refusal } from './verdicts.js'

/** Says in which order the bytes of numbers stand, too: on another machine the log is read. */
const VERSION = IS_LITTLE_ENDIAN ? 4 : 5

/** Writes a checkpoint of everything that is in the log. Resolves when it is durable; without a log does nothing. */
export async function writeCheckpoint(journal: Journal): Promise<void> {
  const { graph } = journal
  const { log } = journal.storage
  if (!log || graph.size === 0) return
  const { positions } = graph.data()
  // What was written after `covers` is replayed; what is not in the log yet cannot be part of a checkpoint.
  if (positions.some((position) => position < 0)) return
  let covers = positions.reduce((a, b) => Math.max(a, b), 0)
  const older = journal.boundary?.graph().graph.data().positions ?? []
  for (const position of older) {
    if (position < 0) return
    covers = Math.max(covers, position)
  }
  await log.writeKeyframe(graph.heads()[0]!, encodeCheckpoint(journal), covers)
}

function encodeCheckpoint(journal: Journal): Uint8Array {
  const { graph, repository, options } = journal
  const data = graph.data()
  const writer = new ByteWriter(data.ids.byteLength * 2)
  writer.u8(VERSION)
  const sessions = journal.boundary ? withAuthors(data.sessions, repository.state) : data.sessions
  writer.varuint(sessions.length)
  for (const id of sessions) {
    const known = options.sessions.get(id)
    writer.raw(fromHex(id))
    writer.bytes(known?.publicKey ?? new Uint8Array())
    writer.bytes(known?.certificate ?? new Uint8Array())
  }
  writer.varuint(journal.flushes.newest.size)
  for (const [lane, flush] of journal.flushes.newest) {
    writer.raw(fromHex(lane))
    writer.varuint(flush)
  }
  writer.varuint(journal.fates.unsealedVoids.size)
  for (const id of journal.fates.unsealedVoids) writer.raw(fromHex(id))
  writer.varuint(journal.verdicts.refusals.size)
  for (const { id, code, message } of journal.verdicts.refusals.values()) {
    writer.raw(fromHex(id))
    writer.string(code)
    writer.string(message)
  }
  writer.bytes(journal.fates.lastSeal ? fromHex(journal.fates.lastSeal) : new Uint8Array())
  writeGraph(writer, data)
  writer.bytes(journal.fates.numbers())
  writeState(writer, repository.state, (id) => graph.numberOf(id))
  writer.varuint(journal.unchecked === undefined ? 0 : journal.unchecked + 1)
  writer.u8(journal.boundary ? 1 : 0)
  if (journal.boundary) writeBoundary(writer, journal.boundary)
  return writer.finish()
}

/** The sessions of a graph, and after them those of whom only the state knows: their commits are below. */
function withAuthors(sessions: readonly SessionId[], state: RepositoryState): SessionId[] {
  const all = new Set(sessions)
  for (const { created, updated } of acceptedItems(state)) {
    if (created) all.add(created.session)
    if (updated) all.add(updated.session)
  }
  return [...all]
}

/** Whether this release wrote a checkpoint, on a machine like this. Another's is passed over: all that it says stands in the log. */
export function canRead(bytes: Uint8Array): boolean {
  return bytes[0] === VERSION
}

/** What a checkpoint holds besides what it puts into the journal. */
export interface ReadCheckpoint {
  /** All that is accepted. */
  readonly state: RepositoryState
  /** Commits whose changes are provisional and still to be folded. */
  readonly provisional: CommitId[]
}

/** Fills an empty journal from a checkpoint, in pieces. Where it throws, the journal is as empty as it was. */
export async function readCheckpoint(journal: Journal, bytes: Uint8Array, pace: Pace): Promise<ReadCheckpoint> {
  const { graph, repository, options } = journal
  const reader = new ByteReader(bytes)
  reader.u8()
  const sessions: SessionId[] = []
  for (let left = reader.varuint(); left > 0; left--) {
    sessions.push(sessionIdOf(reader.raw(16)))
    const publicKey = reader.bytes().slice()
    const certificate = reader.bytes().slice()
    if (publicKey.length > 0) options.sessions.addKey(publicKey)
    if (certificate.length > 0) options.sessions.trust(publicKey, certificate)
  }
  const flushes: { lane: Lane; flush: number }[] = []
  for (let left = reader.varuint(); left > 0; left--) {
    flushes.push({ lane: laneOf(reader.raw(8)), flush: reader.varuint() })
  }
  const voids: CommitId[] = []
  for (let left = reader.varuint(); left > 0; left--) voids.push(commitIdOf(reader.raw(32)))
  const refusals: Refusal[] = []
  for (let left = reader.varuint(); left > 0; left--) {
    refusals.push({
      id: commitIdOf(reader.raw(32)),
      code: reader.string() as Refusal['code'],
      message: reader.string(),
    })
  }
  const seal = reader.bytes()
  const data = readGraph(reader, sessions)
  const fates = reader.bytes().slice()
  const columns = Columns.of(data)
  const state = await readState(
    reader,
    (n) => settledOrigin(columns.time(n), idAt(data.ids, n), sessions[data.authors[n]!]!),
    pace,
  )
  await pace()
  const unchecked = reader.varuint()
  const boundary = reader.u8() > 0 ? readBoundary(reader, repository.surroundings.random) : undefined
  reader.end()
  if (fates.length !== columns.size) throw new IbexError('malformed-bytes', 'Not a checkpoint: fates of other commits.')

  loadGraph(graph, data)
  if (unchecked > 0) journal.unchecked = unchecked - 1
  if (boundary) journal.boundary = boundary(graph)
  for (const flush of flushes) journal.flushes.note({ session: repository.session, ...flush })
  for (const id of voids) journal.fates.unsealedVoids.add(id)
  for (const refusal of refusals) journal.verdicts.keep(refusal)
  if (seal.length > 0) journal.fates.lastSeal = commitIdOf(seal)
  const provisional = journal.fates.load(fates).filter((id) => graph.get(id)!.kind === 'change')
  return { state, provisional }
}
