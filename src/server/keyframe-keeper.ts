/**
 * The keyframe that a server offers to new replicas: what was accepted at one of its seals, which names it by its hash
 * (protocol.md, section 4). Its bytes lie beside the log for as long as it is offered, apart from checkpoints, which are
 * taken more often and hold what is here only.
 */
import { since } from '../graph/ancestry.js'
import { type CommitId, type RepositoryPath, requireCommitId } from '../ids.js'
import { encodeKeyframe } from '../history/keyframe.js'
import type { Journal } from '../repository/journal.js'
import { seal } from '../repository/judge.js'
import type { Storage } from '../storage/port.js'
import { credentialsFor } from '../store/giving.js'
import { encodeGift, type Whole } from '../sync/parts.js'

export interface OfferedKeyframe {
  /** The seal that names it. */
  readonly seal: CommitId
  /** Its bytes; undefined where another took its place meanwhile. */
  read(): Promise<Uint8Array | undefined>
  /** The same as it is given to others; kept as long as somebody asks. */
  gift(): Promise<Whole | undefined>
}

export interface KeyframeKeeper {
  readonly offered: OfferedKeyframe | undefined
  /** Commits that came since the offered one was taken; without one, all. */
  readonly fresh: number
  /** Seals with a new one and offers it when both are durable. To be run alone, when all that is here is durable. */
  renew(): Promise<void>
  stop(): void
}

/** Milliseconds for which what is given is kept in memory after it was asked for. */
const KEPT_MS = 60_000

/** What the storage keeps for each repository. */
interface Kept {
  readonly seal: string
  readonly bytes: Uint8Array
}

export async function keepKeyframes(journal: Journal, storage: Storage): Promise<KeyframeKeeper> {
  const { graph, repository } = journal
  const name = keptName(repository.path)
  let offered: OfferedKeyframe | undefined
  let fresh = graph.size

  function offer(id: CommitId): void {
    let gift: Promise<Whole | undefined> | undefined
    let asked = 0
    const read = async (): Promise<Uint8Array | undefined> => {
      const kept = await readKept(storage, name)
      return kept?.seal === id ? kept.bytes : undefined
    }
    const wrap = async (): Promise<Whole | undefined> => {
      const keyframe = await read()
      if (!keyframe) return undefined
      const bytes = encodeGift({ keyframe, credentials: credentialsFor(journal, keyframe) })
      return { at: [id], commits: [await journal.bytesOf(id)], bytes }
    }
    offered = {
      seal: id,
      read,
      gift() {
        const now = ++asked
        repository.surroundings.scheduler.after(KEPT_MS, () => {
          if (asked === now) gift = undefined
        })
        gift ??= wrap().catch(() => undefined)
        return gift
      },
    }
    fresh = since(graph, [id]).length
  }

  const kept = await readKept(storage, name)
  // A log that was restored from a backup may lack the seal.
  if (kept && graph.get(requireCommitId(kept.seal))?.kind === 'seal') offer(requireCommitId(kept.seal))
  const unsubscribe = journal.onAdmitted.subscribe((ids) => (fresh += ids.length))

  return {
    get offered() {
      return offered
    },
    get fresh() {
      return fresh
    },
    async renew() {
      const bytes = encodeKeyframe(repository.state)
      const id = seal(journal, bytes)
      if (!id) return
      await journal.storage.settled()
      // Until this is done the earlier one is there, and offered.
      await storage.put(name, { seal: id, bytes } satisfies Kept)
      offer(id)
    },
    stop: unsubscribe,
  }
}

function keptName(path: RepositoryPath): string {
  return `keyframe ${path}`
}

/** What cannot be read is not offered: the next one takes its place. */
async function readKept(storage: Storage, name: string): Promise<Kept | undefined> {
  return storage.get(name).then(
    (kept) => kept as Kept | undefined,
    () => undefined,
  )
}
