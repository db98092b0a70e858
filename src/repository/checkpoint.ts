/**
 * A checkpoint: the index of the graph, the sessions, and a keyframe of what is accepted, so that opening a repository
 * reads neither its history nor folds it. It is a cache of the log on this device and never leaves it.
 * ```
 * checkpoint = byte version (1) | sessions | lanes | voids | entries | keyframe
 * ```
 */
import type { CommitKind } from '../graph/header.js'
import { type CommitId, commitIdOf, fromHex, laneOf, sessionIdOf, type SessionId } from '../ids.js'
import { decodeKeyframe, encodeKeyframe } from '../history/keyframe.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'
import type { Fate } from './fates.js'
import type { Journal } from './journal.js'

const VERSION = 1
const KINDS: readonly CommitKind[] = ['change', 'join', 'seal']
const FATES: readonly Fate[] = ['provisional', 'accepted', 'void']

/** Writes a checkpoint of everything that is in the log. Resolves when it is durable; without a log does nothing. */
export async function writeCheckpoint(journal: Journal): Promise<void> {
  const { graph } = journal
  const { log } = journal.storage
  if (!log || graph.size === 0) return
  let covers = 0
  for (let n = 0; n < graph.size; n++) covers = Math.max(covers, graph.at(n).position)
  // What was written after `covers` is replayed; what is not in the log yet cannot be part of a checkpoint.
  for (let n = 0; n < graph.size; n++) if (graph.at(n).position < 0) return
  const bytes = encodeCheckpoint(journal)
  await log.writeKeyframe(graph.heads()[0]!, bytes, covers)
}

function encodeCheckpoint(journal: Journal): Uint8Array {
  const { graph, repository, options } = journal
  const writer = new ByteWriter()
  writer.u8(VERSION)
  const sessions = new Map<SessionId, number>()
  for (let n = 0; n < graph.size; n++) {
    const { session } = graph.at(n)
    if (!sessions.has(session)) sessions.set(session, sessions.size)
  }
  writer.varuint(sessions.size)
  for (const id of sessions.keys()) {
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
  writer.varuint(graph.size)
  for (let n = 0; n < graph.size; n++) {
    const entry = graph.at(n)
    writer.raw(fromHex(entry.id))
    writer.varuint(sessions.get(entry.session)!)
    writer.varuint(entry.time.ms)
    writer.varuint(entry.time.counter)
    writer.u8(KINDS.indexOf(entry.kind) * 3 + FATES.indexOf(journal.fates.of(entry.id)!))
    writer.varuint(entry.size)
    writer.varuint(entry.position)
    writer.varuint(entry.parents.length)
    for (const parent of entry.parents) writer.varuint(n - parent)
  }
  writer.bytes(encodeKeyframe(repository.state))
  return writer.finish()
}

/** Whether this release wrote a checkpoint. Another's is passed over: all that it says stands in the log. */
export function canRead(bytes: Uint8Array): boolean {
  return bytes[0] === VERSION
}

/** Fills an empty journal from a checkpoint; answers the commits whose changes are provisional and still to be folded. */
export function readCheckpoint(journal: Journal, bytes: Uint8Array): CommitId[] {
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
  for (let left = reader.varuint(); left > 0; left--) {
    const lane = laneOf(reader.raw(8))
    journal.flushes.note({ session: repository.session, lane, flush: reader.varuint() })
  }
  for (let left = reader.varuint(); left > 0; left--) journal.fates.unsealedVoids.add(commitIdOf(reader.raw(32)))
  for (let left = reader.varuint(); left > 0; left--) {
    const id = commitIdOf(reader.raw(32))
    journal.verdicts.keep({ id, code: reader.string() as never, message: reader.string() })
  }
  const seal = reader.bytes()
  if (seal.length > 0) journal.fates.lastSeal = commitIdOf(seal)
  const provisional: CommitId[] = []
  const count = reader.varuint()
  for (let n = 0; n < count; n++) {
    const id = commitIdOf(reader.raw(32))
    const session = sessions[reader.varuint()]!
    const time = { ms: reader.varuint(), counter: reader.varuint() }
    const kindAndFate = reader.u8()
    const kind = KINDS[Math.floor(kindAndFate / 3)]!
    const fate = FATES[kindAndFate % 3]!
    const size = reader.varuint()
    const position = reader.varuint()
    const parents: CommitId[] = []
    for (let left = reader.varuint(); left > 0; left--) parents.push(graph.idAt(n - reader.varuint()))
    graph.add(id, { kind, session, time, parents }, size, position)
    journal.fates.set(n, fate)
    if (kind === 'seal') journal.fates.seals.push(id)
    if (fate === 'provisional' && kind === 'change') provisional.push(id)
  }
  repository.adopt(decodeKeyframe(reader.bytes()))
  reader.end()
  return provisional
}
