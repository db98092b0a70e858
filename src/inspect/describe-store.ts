/** How a store stands, as data for a panel. Reading it changes nothing and opens nothing. */
import { IbexError } from '../errors.js'
import { type RepositoryPath, spaceOf, toHex } from '../ids.js'
import type { Journal } from '../repository/journal.js'
import type { Log } from '../storage/port.js'
import type { AppStore, Slot } from '../store/store.js'
import type { LogAbout, RepositoryAbout, StorageAbout, StoreAbout, SyncAbout, Trouble } from './topics.js'
import type { Exposed } from './exposed.js'
import { aboutSchema } from './described-schema.js'
import { RELEASE } from './release.js'

export function aboutStore({ store, redact }: Exposed, epoch: number, drivable: boolean): StoreAbout {
  const { session, sessions } = store.engine?.replica.options ?? {}
  return {
    name: store.name,
    release: RELEASE,
    epoch,
    schemas: store.schemas.map(aboutSchema),
    repository: store.repository,
    hasServer: store.options.hasServer,
    session: session ?? '',
    user: (session && sessions?.get(session)?.user) ?? null,
    authority: sessions?.authorityKey ? toHex(sessions.authorityKey) : null,
    redacts: redact !== undefined,
    drivable,
  }
}

/** A keyframe is looked for at most so often. Milliseconds. */
const KEYFRAME_MS = 30_000
/** The browser is asked at most so often how much it stores: it has to ask another process. Milliseconds. */
const ESTIMATE_MS = 2000

/** Identity: one for each store that is looked into; sums up what would take long to sum up again. */
export class RepositoryDescriber {
  private readonly sums = new WeakMap<Journal, { upTo: number; bytes: number }>()

  about(store: AppStore): RepositoryAbout[] {
    return Array.from(store.slots, ([path, slot]) => this.describe(store, path, slot))
  }

  private describe(store: AppStore, path: RepositoryPath, slot: Slot): RepositoryAbout {
    const { opened, repository } = slot
    const journal = opened?.journal
    const graph = journal?.graph
    const items: Record<string, number> = {}
    for (const schema of repository.state.schemas()) items[schema] = repository.state.count(schema)
    const error = slot.error ?? opened?.refusal ?? null
    const state = opened ? 'open' : slot.error ? 'failed' : slot.opening ? 'opening' : 'closed'
    return {
      path,
      state,
      ready: slot.ready,
      complete: opened?.complete ?? false,
      authority: journal?.options.authority ?? authorityOf(store, path),
      commits: (graph?.size ?? 0) + (journal?.boundary?.size ?? 0),
      whole: journal !== undefined && journal.boundary === undefined,
      bytes: journal ? this.bytesOf(journal) : 0,
      heads: graph?.heads() ?? [],
      seals: journal?.fates.seals.length ?? 0,
      lastSeal: journal?.fates.lastSeal ?? null,
      lastTime: graph?.maxTime().ms ?? 0,
      items,
      pending: journal?.pendingActions ?? 0,
      error: error && troubleOf(error),
    }
  }

  private bytesOf(journal: Journal): number {
    const { graph } = journal
    let sum = this.sums.get(journal)
    // Commits that were taken out again have left their numbers to others.
    if (!sum || sum.upTo > graph.size) this.sums.set(journal, (sum = { upTo: 0, bytes: 0 }))
    for (; sum.upTo < graph.size; sum.upTo++) sum.bytes += graph.sizeAt(sum.upTo)
    return sum.bytes
  }
}

function authorityOf(store: AppStore, path: RepositoryPath): 'remote' | 'none' {
  return store.options.hasServer && spaceOf(path) !== 'local' ? 'remote' : 'none'
}

export function aboutSync({ store, lines }: Exposed): SyncAbout {
  const { engine } = store
  const all = lines.about()
  const follows = [...store.slots.values()].some(({ opened }) => opened?.journal.options.follows())
  const open = all.filter(({ until }) => until === null)
  return {
    connection: engine?.replica.connection ?? 'connecting',
    offline: store.offline,
    conditions: lines.conditions,
    role: follows ? 'follows' : open.some(({ peer }) => peer === 'tab') ? 'leads' : 'alone',
    clockOffset: [...store.slots.values()][0]?.opened?.journal.options.clockOffset() ?? 0,
    lines: all,
  }
}

/** Identity: one for each store that is looked into; reads from disk only what may have changed. */
export class StorageDescriber {
  private readonly keyframes = new WeakMap<Log, { at: number; frames: number; found: LogAbout['keyframe'] }>()
  private estimated: { readonly at: number; readonly found: Promise<StorageEstimate> } | undefined

  async about({ store }: Exposed): Promise<StorageAbout> {
    const { engine } = store
    const now = store.ports().clock.now()
    if (!this.estimated || Math.abs(now - this.estimated.at) >= ESTIMATE_MS) {
      this.estimated = { at: now, found: estimate() }
    }
    const { usage = null, quota = null } = await this.estimated.found
    const journals = [...store.slots.values()].flatMap(({ opened }) => opened?.journal ?? [])
    const logs: LogAbout[] = []
    for (const { storage, repository } of journals) {
      if (storage.log) logs.push(await this.describe(repository.path, storage.log, storage.error, now))
    }
    return {
      mode: engine?.storageMode ?? 'opening',
      persisted: engine?.persisted ?? false,
      keyExtractable: engine?.keyExtractable ?? false,
      usage,
      quota,
      logs,
    }
  }

  private async describe(path: string, log: Log, error: IbexError | undefined, now: number): Promise<LogAbout> {
    const { bytes, segments, frames } = log.size()
    return {
      path,
      bytes,
      segments,
      frames,
      keyframe: await this.keyframeOf(log, frames, now),
      damage: log.damage.map((damage) => ({ ...damage })),
      error: error ? troubleOf(error) : null,
    }
  }

  /** It is read as a whole, and may be large. */
  private async keyframeOf(log: Log, frames: number, now: number): Promise<LogAbout['keyframe']> {
    const known = this.keyframes.get(log)
    if (known && (known.frames === frames || now - known.at < KEYFRAME_MS)) return known.found
    const keyframe = await log.newestKeyframe().catch(() => undefined)
    const found = keyframe ? { name: keyframe.name, bytes: keyframe.bytes.length } : null
    this.keyframes.set(log, { at: now, frames, found })
    return found
  }
}

/** What the browser says of the whole origin. */
async function estimate(): Promise<StorageEstimate> {
  try {
    return await globalThis.navigator.storage.estimate()
  } catch {
    // Not a browser, or not a secure page.
    return {}
  }
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof IbexError) return { code: error.code, message: error.message }
  return { code: 'protocol', message: String(error) }
}
