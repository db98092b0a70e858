/**
 * A checkpoint: the index of the graph, the sessions, and what is accepted, so that opening a repository reads neither its
 * history nor folds it. It is a cache of the log on this device and never leaves it; so it is laid out to be copied into
 * memory as it lies.
 * ```
 * checkpoint = byte version | sessions | lanes | voids | refusals | last seal | ids | columns | fates | state
 * ```
 */
import { IbexError } from '../errors.js'
import { Columns } from '../graph/columns.js'
import type { GraphData } from '../graph/graph.js'
import { idAt } from '../graph/id-table.js'
import { loadGraph } from '../graph/rearranging.js'
import { readState, writeState } from '../history/state-columns.js'
import type { RepositoryState } from '../history/state.js'
import { type CommitId, commitIdOf, fromHex, type Lane, laneOf, sessionIdOf, type SessionId } from '../ids.js'
import { settledOrigin } from '../item/origin.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'
import { IS_LITTLE_ENDIAN, readNumbers, writeNumbers } from '../value/number-list.js'
import type { Journal } from './journal.js'
import type { Pace } from './pace.js'
import type { Refusal } from './verdicts.js'

/** Says in which order the bytes of numbers stand, too: on another machine the log is read. */
const VERSION = IS_LITTLE_ENDIAN ? 2 : 3
/** Positions are more than numbers of 32 bits can say. */
const HIGH = 2 ** 32

/** Writes a checkpoint of everything that is in the log. Resolves when it is durable; without a log does nothing. */
export async function writeCheckpoint(journal: Journal): Promise<void> {
  const { graph } = journal
  const { log } = journal.storage
  if (!log || graph.size === 0) return
  const { positions } = graph.data()
  // What was written after `covers` is replayed; what is not in the log yet cannot be part of a checkpoint.
  if (positions.some((position) => position < 0)) return
  const covers = positions.reduce((a, b) => Math.max(a, b), 0)
  await log.writeKeyframe(graph.heads()[0]!, encodeCheckpoint(journal), covers)
}

function encodeCheckpoint(journal: Journal): Uint8Array {
  const { graph, repository, options } = journal
  const data = graph.data()
  const writer = new ByteWriter(data.ids.byteLength * 2)
  writer.u8(VERSION)
  writer.varuint(data.sessions.length)
  for (const id of data.sessions) {
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
  return writer.finish()
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
  reader.end()
  if (fates.length !== columns.size) throw new IbexError('malformed-bytes', 'Not a checkpoint: fates of other commits.')

  loadGraph(graph, data)
  for (const flush of flushes) journal.flushes.note({ session: repository.session, ...flush })
  for (const id of voids) journal.fates.unsealedVoids.add(id)
  for (const refusal of refusals) journal.verdicts.keep(refusal)
  if (seal.length > 0) journal.fates.lastSeal = commitIdOf(seal)
  const provisional = journal.fates.load(fates).filter((id) => graph.get(id)!.kind === 'change')
  return { state, provisional }
}

/** Each list in as few bytes as it needs: how far back parents lie instead of their numbers. */
function writeGraph(writer: ByteWriter, { ids, positions, firstEdges, edges, ...data }: GraphData): void {
  writer.varuint(ids.byteLength)
  writer.raw(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength))
  const distances = edges.slice()
  for (let n = 0; n < positions.length; n++) {
    for (let edge = firstEdges[n]!, end = firstEdges[n + 1]!; edge < end; edge++) distances[edge] = n - edges[edge]!
  }
  const lists = [
    data.authors,
    data.kinds,
    data.timesHigh,
    data.timesLow,
    data.sizes,
    Uint32Array.from(positions, (position) => position / HIGH),
    Uint32Array.from(positions, (position) => position % HIGH),
    firstEdges.subarray(1).map((end, n) => end - firstEdges[n]!),
    distances,
  ]
  for (const list of lists) writeNumbers(writer, list)
}

function readGraph(reader: ByteReader, sessions: readonly SessionId[]): GraphData {
  const ids = new Int32Array(reader.raw(reader.varuint()).slice().buffer)
  const authors = readNumbers(reader)
  const kinds = new Uint8Array(readNumbers(reader))
  const timesHigh = readNumbers(reader)
  const timesLow = readNumbers(reader)
  const sizes = readNumbers(reader)
  const high = readNumbers(reader)
  const positions = new Float64Array(readNumbers(reader))
  const counts = readNumbers(reader)
  const edges = readNumbers(reader)
  const firstEdges = new Uint32Array(counts.length + 1)
  for (let n = 0; n < counts.length; n++) {
    positions[n]! += high[n]! * HIGH
    const end = firstEdges[n]! + counts[n]!
    for (let edge = firstEdges[n]!; edge < end; edge++) edges[edge] = n - edges[edge]!
    firstEdges[n + 1] = end
  }
  return { sessions, ids, authors, kinds, timesHigh, timesLow, sizes, positions, firstEdges, edges }
}
