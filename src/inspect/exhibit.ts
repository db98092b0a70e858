/**
 * Lets a panel copy a store's repositories by the ordinary sync protocol. It gives and takes nothing: a commit that the panel
 * sends ends the line. Only what the app has opened is shown; nothing is opened, kept alive or told to the app for it.
 */
import { IbexError } from '../errors.js'
import { decodeCommit } from '../graph/commit.js'
import type { CommitId, RepositoryPath } from '../ids.js'
import type { Surroundings } from '../ports.js'
import type { Journal } from '../repository/journal.js'
import type { Repository } from '../repository/repository.js'
import type { Verdicts } from '../repository/verdicts.js'
import { Sessions } from '../repository/sessions.js'
import type { Unsubscribe } from '../signal.js'
import type { Engine } from '../store/engine.js'
import { createLink } from '../store/link.js'
import type { Asked } from '../store/link-options.js'
import type { AppStore } from '../store/store.js'
import { platformSurroundings } from '../store/surroundings.js'
import { decodeMessage, encodeMessage } from '../sync/message-codec.js'
import { MAX_IDS } from '../sync/messages.js'
import type { Transport } from '../transport/port.js'
import type { Mask } from './channel.js'
import { maskCommit, maskReason, type Redact } from './masks.js'

/** Bytes of commits that are read at once. */
const READ_AHEAD: number = 256 * 1024

export interface ExhibitOptions {
  readonly store: AppStore
  readonly engine: Engine
  readonly transport: Transport
  readonly redact: Redact | undefined
  /** See {@link Exposed}. */
  readonly keyframeFrom: number
  /** What is to be shown in place of masked chunks of commits that are sent right after. */
  mask(repository: RepositoryPath, mask: Mask): void
}

/** Shows what is open, until the transport or the store ends. */
export function exhibit({ store, engine, transport, redact, keyframeFrom, mask }: ExhibitOptions): void {
  const { options } = engine.replica
  // Nobody watches the watcher; and the store's chance is as it is when nobody looks.
  const surroundings: Surroundings = {
    ...options.surroundings,
    random: platformSurroundings().random,
    probe: undefined,
  }
  const shown = new Map<RepositoryPath, Journal>()
  const stops: Unsubscribe[] = []
  // The panel's keys mean nothing, and are not to be remembered among those that do.
  const sessions = new Sessions(options.crypto)
  if (options.sessions.authorityKey) sessions.pinAuthority(options.sessions.authorityKey)

  async function open(path: RepositoryPath): Promise<Asked> {
    const opened = store.slots.get(path)?.opened
    if (!opened) throw new IbexError('not-ready', `The app has not opened ${path}.`)
    const { journal, descent } = opened
    // What a keyframe says cannot be masked: then all commits must be here.
    if (redact && journal.boundary) await (await descent()).complete()
    let showing = shown.get(path)
    if (!showing) {
      showing = show(journal, surroundings, redact, (found) => mask(path, found))
      shown.set(path, showing)
      stops.push(journal.verdicts.onAccepted.subscribe(() => tellAccepted(path)))
      // What came before must be here before anything is given: the panel calls again.
      if (redact) stops.push(journal.onBegun.subscribe(() => transport.close('begun')))
    }
    return redact ? { journal: showing } : { journal: showing, further: descent }
  }

  /** Says which of the commits that the panel has the authority has accepted, or this store, which trusts itself. */
  function tellAccepted(path: RepositoryPath): void {
    const journal = shown.get(path)
    const frontier = journal ? acceptedFrontier(journal) : []
    if (!journal || frontier.length === 0) return
    const voids = journal.fates.voidsBelow(frontier, []).slice(0, MAX_IDS)
    transport.send(encodeMessage({ type: 'ack', repository: path, frontier, seal: journal.fates.lastSeal, voids }))
  }

  createLink(
    {
      key: options.key,
      sessions,
      // Whoever reaches this port is in the page already.
      crypto: { ...options.crypto, verify: () => Promise.resolve(true) },
      // Nothing is deflated for a line that does not leave this machine.
      surroundings,
    },
    {
      role: 'acceptor',
      trusted: true,
      transport: readOnly(transport, store, tellAccepted),
      welcome: () => Promise.resolve({}),
      open,
      offersFrom: redact ? 'never' : keyframeFrom,
      acknowledges: () => 'accepted',
      closed: () => {
        for (const stop of stops) stop()
      },
    },
  )
}

function journalOf(store: AppStore, path: RepositoryPath): Journal | undefined {
  return store.slots.get(path)?.opened?.journal
}

/** A transport over which no commit comes in, and nobody is asked for one. */
function readOnly(transport: Transport, store: AppStore, acknowledged: (path: RepositoryPath) => void): Transport {
  function take(bytes: Uint8Array, fn: (bytes: Uint8Array) => void): void {
    const message = decodeMessage(bytes)
    if (message.type === 'commits' && message.payload.length > 0) {
      transport.send(encodeMessage({ type: 'error', code: 'forbidden', message: 'A panel only reads.' }))
      transport.close('forbidden')
    } else if (message.type === 'summary') {
      // What is not here any more, because it was made anew, is not asked for.
      const graph = journalOf(store, message.repository)?.graph
      const heads = message.heads.filter((id) => graph?.has(id))
      fn(encodeMessage({ ...message, heads, follows: false }))
    } else {
      fn(bytes)
      if (message.type === 'ack') acknowledged(message.repository)
    }
  }
  return {
    ...transport,
    get buffered() {
      return transport.buffered
    },
    onMessage(fn) {
      transport.onMessage((bytes) => {
        try {
          take(bytes, fn)
        } catch (error) {
          if (!(error instanceof IbexError)) throw error
          transport.close(error.message)
        }
      })
    },
  }
}

/** The journal as a panel sees it, without the values that are masked. It is read only. */
function show(
  journal: Journal,
  surroundings: Surroundings,
  redact: Redact | undefined,
  found: (mask: Mask) => void,
): Journal {
  const read = createReader(journal)
  const bytesOf = async (id: CommitId): Promise<Uint8Array> => {
    const whole = await read(id)
    if (!redact) return whole
    const { bytes, mask } = maskCommit(decodeCommit(whole, journal.options.crypto.sha256), redact)
    if (mask) found(mask)
    return bytes
  }
  const bytesOfMany = async (ids: readonly CommitId[]): Promise<Map<CommitId, Uint8Array>> => {
    const many = new Map<CommitId, Uint8Array>()
    for (const id of ids) {
      const bytes = await bytesOf(id).catch(() => undefined)
      if (bytes) many.set(id, bytes)
    }
    return many
  }
  const repository: Repository = Object.create(journal.repository, { surroundings: { value: surroundings } })
  // What is refused is passed on with the reason.
  const onVoid: Pick<Verdicts['onVoid'], 'subscribe'> = {
    subscribe: (listener) =>
      journal.verdicts.onVoid.subscribe((refusal, session) =>
        listener({ ...refusal, message: maskReason(refusal.message, redact) }, session),
      ),
  }
  const verdicts: Verdicts = Object.create(journal.verdicts, { onVoid: { value: onVoid } })
  return Object.create(journal, {
    bytesOf: { value: bytesOf },
    ...(redact && { bytesOfMany: { value: bytesOfMany } }),
    repository: { value: repository },
    verdicts: { value: verdicts },
  }) as Journal
}

/**
 * Reads commits that are asked for in the order in which they came, or the other way round: many at once, as a log gives them
 * quickly, or the tab that leads.
 */
function createReader(journal: Journal): (id: CommitId) => Promise<Uint8Array> {
  const { graph, storage, fates } = journal
  const ahead = new Map<CommitId, Uint8Array>()
  let last = -1
  let falling = 0

  async function readFrom(first: number): Promise<void> {
    // They come nearly in order: one that is lower does not make them fall.
    falling = first < last ? falling + 1 : 0
    const step = falling > 2 ? -1 : 1
    const ids: CommitId[] = []
    for (let n = first, bytes = 0; n >= 0 && n < graph.size && bytes < READ_AHEAD; n += step) {
      const { id, size } = graph.at(n)
      if (fates.at(n) === 'void') continue
      ids.push(id)
      bytes += size
    }
    ahead.clear()
    await storage.readCommits(ids, ({ id, bytes }) => void ahead.set(id, bytes.slice()))
    last = first
  }

  return async (id) => {
    const n = graph.numberOf(id)
    if (!ahead.has(id) && n >= 0 && fates.at(n) !== 'void') await readFrom(n)
    const bytes = ahead.get(id)
    ahead.delete(id)
    // Of what is void nothing is given but its header.
    return bytes && fates.of(id) !== 'void' ? bytes : journal.bytesOf(id)
  }
}

/** The newest commits that are accepted: they stand for all below them that is not void. */
function acceptedFrontier(journal: Journal): CommitId[] {
  const { graph } = journal
  const found = new Set<CommitId>()
  const seen = new Set<number>()
  const open = graph.heads().map((id) => graph.numberOf(id))
  for (let n = open.pop(); n !== undefined; n = open.pop()) {
    if (seen.has(n)) continue
    seen.add(n)
    if (journal.fates.at(n) === 'accepted') found.add(graph.idAt(n))
    else graph.eachParent(n, (parent) => open.push(parent))
  }
  return [...found].slice(0, MAX_IDS)
}
