/**
 * From another tab's log to this one's, below: a tab that began from another's keyframe, or from nothing, finds in the log what
 * it has in its state already. See `takeover.ts` for what is above.
 */
import { decodeStored, decodeStoredHeader } from '../graph/commit.js'
import type { Graph, OlderCommit } from '../graph/graph.js'
import { putBelow } from '../graph/below.js'
import { compareTimes } from '../graph/time.js'
import type { CommitId } from '../ids.js'
import type { Log, Position } from '../storage/port.js'
import { type Below, Boundary } from './boundary.js'
import { addOlder, isBlank, outline, Reopening, sealWords, sessionRecord, setFates } from './clone.js'
import { nameOf } from './flushes.js'
import type { Journal } from './journal.js'
import type { Found } from './mending.js'
import { readPast } from './past-records.js'
import { decodeRecords, encodeRecords, holdsCommit, type LogRecord } from './records.js'
import { unexplained } from './verdicts.js'

/** Used when a log becomes this node's that was another tab's: a journal that holds nothing yet begins where the log does. */
export async function beginWith(journal: Journal, log: Log): Promise<void> {
  const { repository, options } = journal
  if (!isBlank(journal)) return
  const reopening = new Reopening(journal, repository.state)
  await log.replay((payload, position) => {
    const records = decodeRecords(payload)
    if (!records.some(({ kind }) => kind === 'past')) return
    const found = records.flatMap((record): Found[] => {
      if (record.kind !== 'commit') return []
      const { id } = decodeStoredHeader(record.bytes, options.crypto.sha256)
      return [{ commit: decodeStored(record.bytes.slice(), id), position }]
    })
    reopening.take(records, position, found)
  })
  if (!journal.boundary) return
  repository.touch(reopening.shown)
  journal.onBegun.emit()
}

/**
 * Used when a log becomes this node's that was another tab's, from which it began. Puts all that the log has of what is below
 * where it belongs, so that from now on its past ends where that of the log does. Answers what is not to be folded any more;
 * undefined, and nothing is done, where the log lacks what lies between, so that nobody knows what of it is below.
 */
export async function takeBelow(journal: Journal, log: Log): Promise<Set<CommitId> | undefined> {
  const { graph, options, flushes, repository } = journal
  const { sha256 } = options.crypto
  const found = new Map<CommitId, { commit: OlderCommit; older: boolean; flush: string | undefined }>()
  const voids = new Set<CommitId>()
  const told: Below[] = []
  let positions: Position[] = []
  let began: { at: readonly CommitId[]; parts: readonly Position[] } | undefined
  let count: number | undefined
  await log.replay((payload, position) => {
    for (const record of decodeRecords(payload)) {
      if (holdsCommit(record)) {
        const commit = decodeStoredHeader(record.bytes, sha256)
        const { id, header } = commit
        for (const listed of header.seal?.void ?? []) voids.add(listed)
        if (began?.at.includes(id)) count = began.at.length === 1 ? header.seal?.count : undefined
        if (graph.has(id)) continue
        const flush = flushes.isOwnChange(header) ? nameOf(header) : undefined
        if (flush !== undefined) flushes.note(header)
        found.set(id, { commit: outline(commit, position), older: record.kind === 'older', flush })
      } else if (record.kind === 'void') voids.add(record.id)
      if (record.kind !== 'past') continue
      const past = readPast(record.bytes)
      if (past.kind === 'below') told.push(past)
      else if (past.kind === 'checked') journal.unchecked = past.left
      else if (past.kind === 'part') positions = past.index === 0 ? [position] : [...positions, position]
      else began = { at: past.at, parts: positions }
    }
  })
  const before = journal.boundary!
  const below = new Set<CommitId>()
  const open = [...before.children.values()].flat().filter((id) => !graph.has(id))
  const isGap = open.some((id) => !found.has(id))
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const next = found.get(id)
    if (!next || below.has(id)) continue
    below.add(id)
    open.push(...next.commit.header.parents)
  }
  if (isGap && hangsInTheAir(graph, found, below)) return undefined
  const upper = Array.from(below, (id) => found.get(id)!).filter(({ older }) => !older)
  const sorted = upper.map(({ commit }) => commit).sort((a, b) => compareTimes(a.header.time, b.header.time))
  setFates(journal, { former: putBelow(graph, sorted, before.children), count: sorted.length, voids })
  // Another commit of the same flush was there before the one that stands, and gave way to it.
  const flushed = new Set(upper.flatMap(({ flush }) => flush ?? []))
  for (const [id, { flush }] of found) if (flush !== undefined && flushed.has(flush)) below.add(id)

  const after = new Boundary(began?.at ?? before.frontier, began ? count : before.count, repository.surroundings.random)
  after.parts = began?.parts ?? []
  for (const each of told) after.tell(each)
  const isAbove = (id: CommitId): boolean => graph.has(id)
  for (const [id, parents] of before.children) attachTo(after, id, { parents, time: graph.get(id)!.time }, isAbove)
  for (const { id, header } of sorted) attachTo(after, id, header, isAbove)
  const older = Array.from(below, (id) => found.get(id)!).filter((each) => each.older)
  addOlder(
    after,
    older.map(({ commit }) => commit),
  )
  journal.boundary = after.edge.length > 0 || after.size > 0 ? after : undefined
  if (!journal.boundary) journal.onWhole.emit()
  return below
}

/** Whether something of what was found in a log is neither below what is here nor descends from it, as far as one sees. */
function hangsInTheAir(
  graph: Graph,
  found: ReadonlyMap<CommitId, { readonly commit: OlderCommit; readonly older: boolean }>,
  below: ReadonlySet<CommitId>,
): boolean {
  const above = new Set<CommitId>()
  const others = [...found.values()].filter(({ commit, older }) => !older && !below.has(commit.id))
  others.sort((a, b) => compareTimes(a.commit.header.time, b.commit.header.time))
  return others.some(({ commit: { id, header } }) => {
    above.add(id)
    return !header.parents.some((parent) => graph.has(parent) || below.has(parent) || above.has(parent))
  })
}

/**
 * Brings what lies between the commits here and those of a log from whoever has it. Where nobody gives it, some is still
 * missing then.
 */
export async function bridge(journal: Journal, log: Log): Promise<void> {
  const { storage, options, boundary, graph } = journal
  const here = new Set<CommitId>()
  await log.replay((payload) => {
    for (const record of decodeRecords(payload))
      if (holdsCommit(record)) here.add(decodeStoredHeader(record.bytes, options.crypto.sha256).id)
  })
  const isMissing = (id: CommitId): boolean => !here.has(id) && !graph.has(id)
  const voids = new Set((await sealWords(journal)).flatMap((word) => word.void))
  let open = [...boundary!.children.values()].flat().filter(isMissing)
  while (open.length > 0) {
    const parents = new Set<CommitId>()
    const lacking = await storage.elsewhere(open, async ({ id, bytes, header }) => {
      here.add(id)
      for (const parent of header.parents) parents.add(parent)
      const records: LogRecord[] = [...sessionRecord(journal, header.session), { kind: 'commit', bytes }]
      if (voids.has(id)) records.push({ kind: 'void', ...unexplained(id) })
      await log.append(encodeRecords(records))
    })
    if (lacking.length > 0) return
    open = [...parents].filter(isMissing)
  }
}

function attachTo(
  boundary: Boundary,
  id: CommitId,
  header: Pick<OlderCommit['header'], 'parents' | 'time'>,
  isAbove: (id: CommitId) => boolean,
): void {
  if (!header.parents.every(isAbove)) boundary.attach(id, header, isAbove)
}
