/**
 * The page's side of the devtools, for one store: what is loaded when a panel comes. Any number of panels can look at once.
 * It only reads: it makes no commit, subscribes to no item or view, and nothing renders for it. What a panel had done to the
 * page for a while ends with the last of them.
 */
import type { CommitId } from '../ids.js'
import type { TimerHandle } from '../ports.js'
import type { Journal } from '../repository/journal.js'
import type { Repository } from '../repository/repository.js'
import type { Unsubscribe } from '../signal.js'
import type { Engine } from '../store/engine.js'
import type { Transport } from '../transport/port.js'
import type { Exposed } from './exposed.js'
import { type InspectionEvent, MAX_EVENTS, SILENCE_MS, TOPIC_MS } from './channel.js'
import type { TopicName, Topics } from './topics.js'
import { CommandRunner } from './commands.js'
import { aboutStore, aboutSync, RepositoryDescriber, StorageDescriber } from './describe-store.js'
import { aboutPending, aboutTroubles } from './describe-work.js'
import { Driving } from './driving.js'
import { maskReason } from './masks.js'
import { QueryMeter } from './meter.js'
import { createSession, type Session } from './session.js'

/** What has no signal of its own is looked at so often while somebody watches. Milliseconds. */
const LOOK_MS = 1000
/** So long after the last panel has gone, a new one finds what happened meanwhile. Milliseconds. */
const LINGER_MS = 30_000

export interface Agent {
  /** A panel is at the other end. */
  attach(transport: Transport): void
}

export function createAgent(exposed: Exposed): Agent {
  const { store, face, redact } = exposed
  const { scheduler, clock } = store.ports()
  const sessions = new Set<Session>()
  const events: InspectionEvent[] = []
  const meter = new QueryMeter(() => clock.now())
  const driving = new Driving(face, store.ports(), touch)
  const commands = new CommandRunner({ ...exposed, driving, meter })
  const repositories = new RepositoryDescriber()
  const storage = new StorageDescriber()
  /** What is listened to, and how that ends. */
  const heard = new Map<object, Unsubscribe>()
  let epochs = new WeakMap<Engine, number>()
  let newest = 0
  /** The engine that is listened to. */
  let running: Engine | undefined
  let count = 0
  let due: TimerHandle | undefined
  let looking: TimerHandle | undefined
  let leaving: TimerHandle | undefined

  const topics: { readonly [Name in TopicName]: () => Topics[Name] | Promise<Topics[Name]> } = {
    about: () => aboutStore(exposed, epochOf(store.engine), driving.driver !== undefined),
    repositories: () => repositories.about(store),
    queries: () => meter.about(allRepositories(), redact),
    sync: () => aboutSync(exposed),
    storage: () => storage.about(exposed),
    troubles: () => aboutTroubles(exposed),
    pending: () => aboutPending(exposed),
    driving: () => driving.shown,
  }

  function* allRepositories(): Iterable<Repository> {
    for (const { repository } of store.slots.values()) yield repository
  }

  function epochOf(engine: Engine | undefined): number {
    if (!engine) return 0
    let epoch = epochs.get(engine)
    if (!epoch) epochs.set(engine, (epoch = ++newest))
    return epoch
  }

  function happened(
    kind: InspectionEvent['kind'],
    message: string,
    about: { readonly repository?: string; readonly commits?: readonly CommitId[] } = {},
  ): void {
    const { repository = null, commits = [] } = about
    events.push({ n: ++count, at: clock.now(), kind, repository, message, commits })
    if (events.length > MAX_EVENTS) events.shift()
    touch()
  }

  /** Something may be different: panels are told soon, however much it is. */
  function touch(): void {
    if (due || sessions.size === 0) return
    due = scheduler.after(TOPIC_MS, () => {
      due = undefined
      listen()
      for (const session of sessions) session.tell()
    })
  }

  function look(): void {
    looking = scheduler.after(LOOK_MS, () => {
      touch()
      look()
    })
  }

  function hear(what: object, listening: () => Unsubscribe[]): void {
    if (heard.has(what)) return
    const stops = listening()
    heard.set(what, () => stops.forEach((stop) => stop()))
  }

  /** Listens to whatever there is by now. Costs what it hears one call. */
  function listen(): void {
    const { engine } = store
    if (engine && engine !== running) {
      if (running) restarted()
      running = engine
      hear(engine, () => listenToReplica(engine))
    }
    for (const { repository, opened } of store.slots.values()) {
      hear(repository, () => [repository.onPublished.subscribe(touch), repository.onPending.subscribe(touch)])
      if (opened) hear(opened.journal, () => listenTo(opened.journal))
    }
  }

  /** After a reset, a sign-out, a return from the page cache: all that was heard is of what has ended. */
  function restarted(): void {
    forget()
    for (const session of sessions) session.endCopies('The store began anew.')
    happened('restarted', 'The store began anew.')
  }

  function forget(): void {
    for (const end of heard.values()) end()
    heard.clear()
  }

  function listenToReplica({ replica }: Engine): Unsubscribe[] {
    let { connection } = replica
    return [
      replica.onChange.subscribe(() => {
        if (replica.connection !== connection) {
          connection = replica.connection
          happened('connection', `The connection is ${connection}.`)
        }
        touch()
      }),
    ]
  }

  function listenTo(journal: Journal): Unsubscribe[] {
    const { path: repository } = journal.repository
    let trouble = journal.storage.error
    return [
      journal.onAdmitted.subscribe(touch),
      journal.storage.onStored.subscribe(touch),
      journal.verdicts.onAccepted.subscribe(touch),
      journal.verdicts.onVoid.subscribe(({ id, code, message }) =>
        happened('rejected', `Refused (${code}): ${maskReason(message, redact)}`, { repository, commits: [id] }),
      ),
      journal.onWithdrawn.subscribe((commits) =>
        happened('withdrawn', 'Taken out again, to be committed anew.', { repository, commits }),
      ),
      journal.onProgress.subscribe(() => {
        const { error } = journal.storage
        if (error && error !== trouble) happened('storage', error.message, { repository })
        trouble = error
        touch()
      }),
    ]
  }

  /** Nobody looks any more. */
  function stop(): void {
    forget()
    running = undefined
    // What happens from now on is not heard: whoever comes back takes a new copy.
    epochs = new WeakMap()
    meter.stop()
    events.length = 0
    if (due) scheduler.cancel(due)
    due = undefined
  }

  function left(): void {
    if (looking) scheduler.cancel(looking)
    looking = undefined
    // It may come back at once: a worker between it and the page was killed, say.
    leaving = scheduler.after(SILENCE_MS, () => {
      commands.leave()
      leaving = scheduler.after(LINGER_MS, () => {
        leaving = undefined
        stop()
      })
    })
  }

  return {
    attach(transport) {
      if (leaving) {
        scheduler.cancel(leaving)
        leaving = undefined
        look()
      } else if (sessions.size === 0) {
        listen()
        look()
      }
      const session = createSession({
        exposed,
        transport,
        topics,
        commands,
        events: (since) => events.filter(({ n }) => n > since),
        alive: () => driving.alive(),
        commanded: (name) => happened('command', name),
        closed: () => {
          if (sessions.delete(session) && sessions.size === 0) left()
        },
      })
      sessions.add(session)
    },
  }
}
