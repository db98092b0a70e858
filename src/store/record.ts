/**
 * Recording: a range of a repository's history as one signed file. What lies below it goes in as the state that it comes
 * to, and of both whatever is to be hidden is left out.
 */
import { IbexError } from '../errors.js'
import { stripCommit, type Commit } from '../graph/commit.js'
import { idOf, type PastCommit, type Sight } from '../history/deed.js'
import { encodeItems, keyframeAuthors } from '../history/keyframe.js'
import { itemSeen } from '../history/look.js'
import { formatMoment, type Moment } from '../history/moment.js'
import { isRedacted, type Redact, redactCommit } from '../history/redact.js'
import { encodeReplay, type ReplaySession } from '../history/replay-file.js'
import { positionOf, sightAfter } from '../history/sight.js'
import type { CommitId, SessionId } from '../ids.js'
import type { Item } from '../item/state.js'
import type { HistoryKeeper } from '../repository/history-keeper.js'
import { platformCompression } from './compression.js'
import type { History } from './history/face.js'
import type { RecordOptions, RecordRange } from './record-face.js'

/** The bytes of a replay file. Throws `bad-option`, `unknown-moment`, `history-missing`. */
export async function record(
  keeper: HistoryKeeper,
  history: History,
  range: RecordRange,
  { title = '', redact }: RecordOptions,
): Promise<Uint8Array> {
  const { ledger, journal, source } = keeper
  const { options, repository } = journal
  const { sessions, crypto, key } = options
  // What is pending is part of it, also on a device that cannot store.
  await journal.flush().catch(() => {})
  await keeper.settled()
  const ends = [range.from, range.to].map((end) =>
    end === undefined || typeof end === 'string' ? end : history.at(end),
  )
  const [first = keeper.first, end] = ends
  const from = keeper.sightOf(first)
  const to = end === undefined ? undefined : keeper.sightOf(end)
  if (to && positionOf(from) > positionOf(to)) {
    throw new IbexError('bad-option', 'A recording must begin before it ends.')
  }
  const below = commitsBelow(ledger.commits, from)
  const reached = to ? commitsUpTo(ledger.commits, to) : new Set(ledger.commits)
  const commits = [...reached].filter((commit) => !below.has(commit))
  const keyframe = below.size > 0 || source.base ? encodeState(keeper, sightOver(from, below), redact) : undefined
  const inFile = new Set(commits.map(idOf))
  const momentOf = (sight: Sight | undefined, moment: Moment | undefined): string => {
    // Where it ends with a whole commit, the ends of the file say the same.
    const { last, actions } = sight ?? {}
    if (!last || actions === last.actions.length || !moment) return ''
    const others = moment.split('~').slice(1) as CommitId[]
    return formatMoment({ last: idOf(last), action: actions! - 1, others: others.filter((id) => inFile.has(id)) })
  }
  return encodeReplay(
    {
      repository: repository.path,
      recordedAt: repository.surroundings.clock.now(),
      authority: sessions.authorityKey,
      sessions: listSessions(keeper, commits, keyframe),
      title,
      from: momentOf(from, first),
      to: momentOf(to, end),
      base: keyframe && { frontier: frontierOf(below), keyframe },
      voids: commits.filter(({ standing }) => standing === 'void').map(idOf),
      commits: await readCommits(keeper, commits, redact),
    },
    key,
    crypto,
    platformCompression(),
  )
}

/** Those of which nothing is in the range: an action that is, takes its whole commit along. */
function commitsBelow(commits: readonly PastCommit[], sight: Sight): Set<PastCommit> {
  const below = commitsUpTo(commits, sight)
  const { last, actions } = sight
  if (last && actions < last.actions.length) below.delete(last)
  return below
}

function commitsUpTo(commits: readonly PastCommit[], { last, except }: Sight): Set<PastCommit> {
  return new Set(last ? commits.slice(0, last.index + 1).filter((commit) => !except.has(commit)) : [])
}

/** What is seen of whole commits that are below a sight. */
function sightOver({ except, concerned }: Sight, below: ReadonlySet<PastCommit>): Sight {
  const last = [...below].at(-1)
  return last ? { ...sightAfter(last), except, concerned } : { last: undefined, actions: 0, except, concerned }
}

/** What there is at a moment, as a keyframe. */
export function encodeState({ ledger }: HistoryKeeper, sight: Sight, redact?: Redact): Uint8Array {
  const items: Item[] = []
  for (const schema of ledger.schemas()) {
    for (const track of ledger.tracks(schema)) {
      const item = itemSeen(track, sight)
      if (item.updated && !(redact && isRedacted(item, redact))) items.push(item)
    }
  }
  return encodeItems(items)
}

function frontierOf(commits: ReadonlySet<PastCommit>): CommitId[] {
  const frontier = new Set(commits)
  for (const { parents } of commits) for (const parent of parents) frontier.delete(parent)
  return [...frontier].map(idOf).sort()
}

/** Who wrote, as far as they are known, and who records. */
function listSessions(
  { journal }: HistoryKeeper,
  range: readonly PastCommit[],
  keyframe: Uint8Array | undefined,
): ReplaySession[] {
  const { sessions, key } = journal.options
  const ids = new Set<SessionId>(keyframe && keyframeAuthors(keyframe).sessions)
  for (const { origin } of range) ids.add(origin.session)
  ids.add(sessions.addKey(key.publicKey))
  return [...ids].sort().flatMap((id) => {
    const known = sessions.get(id)
    return known ? [{ publicKey: known.publicKey, certificate: known.certificate ?? undefined }] : []
  })
}

/** As they are stored, parents first; of what is void only that it was. */
async function readCommits(
  { source }: HistoryKeeper,
  range: readonly PastCommit[],
  redact: Redact | undefined,
): Promise<Uint8Array[]> {
  const voids = new Set(range.filter(({ standing }) => standing === 'void').map(idOf))
  const bytes = new Map<CommitId, Uint8Array>()
  await source.audit(range.map(idOf), (id, found) => {
    if (found instanceof Error) throw found
    bytes.set(id, shown(found, voids.has(id), redact))
  })
  return range.map((commit) => bytes.get(idOf(commit))!)
}

function shown(commit: Commit, isVoid: boolean, redact: Redact | undefined): Uint8Array {
  if (isVoid) return stripCommit(commit, () => false).bytes
  // Not a view of a log's buffer, which is large.
  return redact ? redactCommit(commit, redact).slice() : commit.bytes.slice()
}
