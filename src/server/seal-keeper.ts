/** When the authority seals a repository (protocol.md, section 4). */
import { since } from '../graph/ancestry.js'
import type { Entry } from '../graph/graph.js'
import type { CommitId } from '../ids.js'
import type { TimerHandle } from '../ports.js'
import type { Journal } from '../repository/journal.js'
import { seal } from '../repository/judge.js'

/** More heads than this are joined. */
export const MAX_HEADS = 8
/** So many commits wait for a seal at most. */
export const MAX_UNSEALED = 64
/** And so many bytes: an answer that refills a wiped server holds some seals then. */
const MAX_UNSEALED_BYTES = 512 * 1024
/** Milliseconds of quiet after which what is there is sealed: the least, and by how much it varies from server to server. */
const QUIET_MS = 10_000
const QUIET_SPREAD_MS = 10_000

export interface SealKeeper {
  /** Seals what is there behind all admissions under way; resolves when the seal is in the graph. */
  seal(): Promise<void>
  stop(): void
}

/** Watches a repository and seals it where it is due. */
export function keepSealed(journal: Journal): SealKeeper {
  const { graph, repository } = journal
  const { clock, scheduler, random } = repository.surroundings
  const quietMs = QUIET_MS + (random.bytes(1)[0]! / 255) * QUIET_SPREAD_MS
  /** Commits that no seal covers, and their bytes. */
  let open = 0
  let bytes = 0
  let newest = clock.now()
  let timer: TimerHandle | undefined
  let underway: Promise<void> | undefined
  let stopped = false

  function count(entries: readonly Entry[]): void {
    open += entries.length
    for (const { size } of entries) bytes += size
  }

  function recount(): void {
    open = bytes = 0
    count(since(graph, journal.fates.lastSeal ? [journal.fates.lastSeal] : []))
  }

  function note(ids: readonly CommitId[]): void {
    const entries = ids.flatMap((id) => graph.get(id) ?? [])
    if (entries.some(({ kind }) => kind === 'seal')) recount()
    else count(entries)
    if (open === 0) return
    newest = clock.now()
    // Others must be able to tell at once that what they descend from is void (I-11).
    const onVoid = entries.some(({ parents }) => parents.some((n) => journal.fates.unsealedVoids.has(graph.idAt(n))))
    const much = open >= MAX_UNSEALED || bytes >= MAX_UNSEALED_BYTES || graph.heads().length > MAX_HEADS
    if (onVoid || much) void sealSoon()
    else wait(quietMs)
  }

  function wait(ms: number): void {
    if (stopped) return
    timer ??= scheduler.after(ms, () => {
      timer = undefined
      const left = newest + quietMs - clock.now()
      // A clock that was set back must not put the seal off for hours.
      if (left > 0 && left <= quietMs) wait(left)
      else if (open > 0) void sealSoon()
    })
  }

  /** Never within an admission, whose commits are written to the log after they were told. */
  function sealSoon(): Promise<void> {
    underway ??= journal
      .exclusive(async () => {
        underway = undefined
        // What the log does not take now is sealed when it does.
        if (stopped || journal.storage.error) wait(quietMs)
        else seal(journal)
      })
      .catch(() => {})
    return underway
  }

  recount()
  const unsubscribe = journal.onAdmitted.subscribe(note)
  if (open > 0) wait(quietMs)
  return {
    seal: sealSoon,
    stop() {
      stopped = true
      unsubscribe()
      if (timer) scheduler.cancel(timer)
    },
  }
}
