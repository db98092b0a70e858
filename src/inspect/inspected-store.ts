/** The panel's side of one store: keeps what the page has told, asks for what is watched, and joins the replica. */
import { IbexError, type IbexErrorCode } from '../errors.js'
import type { CommitId, RepositoryPath } from '../ids.js'
import type { Surroundings, TimerHandle } from '../ports.js'
import type { Transport } from '../transport/port.js'
import { concatBytes } from '../value/bytes.js'
import type { Value } from '../value/value.js'
import {
  ALIVE_MS,
  CHANNEL_STREAM,
  type CommandAnswer,
  type CommandArgs,
  type CommandName,
  COPY_STREAM,
  type InspectionEvent,
  type Mask,
  MAX_EVENTS,
  type PanelMessage,
  PART_BYTES,
} from './channel.js'
import { type RepositoryAbout, type StoreAbout, type TopicName, TOPICS, type Topics } from './topics.js'
import { agree, decodeChannel, disagreement, encodeChannel, hello, type Received, textOf } from './channel-codec.js'
import type { InspectedData, InspectedPage, InspectedStore, StoreStanding } from './face.js'
import { type Cell, createCell, type Live } from './live.js'
import { createPanelStore, type PanelStore } from './panel-store.js'
import { RELEASE } from './release.js'
import { createStreams, type Streams } from './streams.js'
import { testOfRecording } from './test-of-recording.js'

/** The store as whoever keeps the lines sees it. */
export interface StoreEnd {
  readonly store: InspectedStore
  /** There is a line to the store, or a new one. */
  connect(transport: Transport): void
  /** The store is gone for good. */
  end(): void
}

export interface StoreEndOptions {
  readonly id: string
  readonly name: string
  readonly page: Live<InspectedPage>
  readonly surroundings: Surroundings
  /** The line to it broke: it wants another. */
  lost(): void
}

interface Question {
  resolve(value: never): void
  reject(error: IbexError): void
}

/** Watched always: without them one does not know what to look at. */
const ALWAYS: readonly TopicName[] = ['about', 'repositories', 'driving']

export function createStoreEnd({ id, name, page, surroundings, lost }: StoreEndOptions): StoreEnd {
  const { scheduler } = surroundings
  const standing = createCell<StoreStanding>({ state: 'connecting', message: '' })
  const events = createCell<readonly InspectionEvent[]>([])
  const data = createCell<InspectedData | undefined>(undefined)
  const watched = new Map<TopicName, number>(ALWAYS.map((topic) => [topic, 1]))
  const questions = new Map<number, Question>()
  const cells = createTopicCells((topic, listened) => {
    watched.set(topic, (watched.get(topic) ?? 0) + (listened ? 1 : -1))
    watchSoon()
  })
  let streams: Streams | undefined
  let channel: Transport | undefined
  let agreed = false
  let replica: PanelStore | undefined
  let epoch: number | undefined
  let asked = 0
  let since = 0
  let watching = false
  let breathing: TimerHandle | undefined
  /** The page shows the past because of this panel, and not of another. */
  let drives = false

  function send(message: PanelMessage): void {
    channel?.send(encodeChannel(message))
  }

  function watchSoon(): void {
    if (watching) return
    watching = true
    // Views come and go together.
    queueMicrotask(() => {
      watching = false
      if (agreed) watch()
    })
  }

  function watch(): void {
    send({ type: 'watch', topics: TOPICS.filter((topic) => (watched.get(topic) ?? 0) > 0), since })
  }

  // ── what the page says ──

  function take(message: Received): void {
    switch (message.type) {
      case 'hello':
        takeHello(message)
        return
      case 'refused':
        refuse(textOf(message['message']))
        return
      case 'topic':
        takeTopic(message['name'] as TopicName, message['data']!)
        return
      case 'events':
        takeEvents(message['events'] as unknown as readonly InspectionEvent[], Number(message['lost']))
        return
      case 'answer':
        settle(message, (question) => question.resolve(message['value'] as never))
        return
      case 'failure':
        settle(message, (question) =>
          question.reject(new IbexError(textOf(message['code']) as IbexErrorCode, textOf(message['message']))),
        )
        return
      case 'masks':
        replica?.mask(message['repository'] as RepositoryPath, message['masks'] as unknown as readonly Mask[])
        return
      case 'unknown':
        return
      default:
        send({ type: 'unknown', of: message.type })
    }
  }

  function takeHello(message: Received): void {
    if (agree(message) === undefined) {
      refuse(disagreement(message, 'page', RELEASE))
      streams?.close('refused')
      return
    }
    agreed = true
    standing.set({ state: 'connected', message: '' })
    watch()
    joinReplica()
  }

  function refuse(message: string): void {
    standing.set({ state: 'refused', message })
    failAll(message)
  }

  function takeTopic(topic: TopicName, value: Value): void {
    if (!Object.hasOwn(cells, topic)) return
    // Back to the present, by whomever.
    if (topic === 'driving' && value === null && cells.driving.get() !== null) drives = false
    ;(cells[topic] as Cell<unknown>).set(value)
    if (topic === 'about') takeAbout(value as unknown as StoreAbout)
    if (topic === 'repositories') {
      for (const { path, commits, whole } of value as unknown as readonly RepositoryAbout[]) {
        replica?.expect(path as RepositoryPath, commits, whole)
      }
    }
    if (topic === 'driving') breathe()
  }

  function takeAbout(about: StoreAbout): void {
    // It is not running yet.
    if (about.epoch === 0 || about.epoch === epoch) return
    epoch = about.epoch
    void replica?.close()
    replica = createPanelStore(about, surroundings)
    joinReplica()
    data.set(replica.data)
  }

  function joinReplica(): void {
    if (replica && agreed && streams) replica.join(streams.open(COPY_STREAM), joinReplica)
  }

  function takeEvents(more: readonly InspectionEvent[], lost: number): void {
    const fresh = more.filter(({ n }) => n > since)
    if (fresh.length === 0) return
    since = fresh.at(-1)!.n
    for (const { kind, repository, commits } of fresh) {
      if (kind === 'withdrawn') replica?.withdraw(repository as RepositoryPath, commits as readonly CommitId[])
    }
    events.set([...events.get(), ...fresh].slice(-MAX_EVENTS))
    if (lost === 0) return
    // What was taken out meanwhile is not known: the copy begins anew.
    epoch = undefined
    const about = cells.about.get()
    if (about) takeAbout(about)
  }

  // ── what the panel wants ──

  function settle({ id }: Received, how: (question: Question) => void): void {
    const question = questions.get(id as unknown as number)
    questions.delete(id as unknown as number)
    if (question) how(question)
  }

  function failAll(message: string): void {
    const open = [...questions.values()]
    questions.clear()
    for (const { reject } of open) reject(new IbexError('unreachable', message))
  }

  function command<Name extends CommandName>(named: Name, args: CommandArgs<Name>): Promise<CommandAnswer<Name>> {
    if (named === 'drive') drives = (args as CommandArgs<'drive'>).moment !== null
    if (!agreed) return Promise.reject(new IbexError('unreachable', 'The page cannot be reached at the moment.'))
    const number = ++asked
    return new Promise((resolve, reject) => {
      const fail = (error: IbexError): void => {
        if (named === 'drive' && error.code !== 'unreachable') drives = false
        reject(error)
      }
      questions.set(number, { resolve, reject: fail })
      send({ type: 'command', id: number, name: named, args: args as unknown as Value })
    })
  }

  /** As long as the page shows the past for this panel. */
  function breathe(): void {
    if (breathing) scheduler.cancel(breathing)
    breathing = undefined
    if (!agreed || !drives || cells.driving.get() === null) return
    send({ type: 'alive' })
    breathing = scheduler.after(ALIVE_MS, breathe)
  }

  async function fetchParts({ export: number, bytes }: CommandAnswer<'export'>): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for (let from = 0; from < bytes; from += parts.at(-1)!.length) {
      const part = await command('exportPart', { export: number, from })
      if (part.length === 0) throw new IbexError('protocol', 'The page gave an empty part of its export.')
      parts.push(part)
    }
    return concatBytes(...parts)
  }

  async function record(range: CommandArgs<'record'>): Promise<Uint8Array> {
    return fetchParts(await command('record', range))
  }

  async function importAll(bytes: Uint8Array): Promise<CommandAnswer<'import'>> {
    const number = ++asked
    for (let from = 0; from === 0 || from < bytes.length; from += PART_BYTES) {
      await command('importPart', { import: number, bytes: bytes.slice(from, from + PART_BYTES) })
    }
    return command('import', { import: number })
  }

  function disconnect(state: 'lost' | 'gone', message: string): void {
    agreed = false
    const line = streams
    streams = channel = undefined
    line?.close(message)
    if (standing.get().state !== 'refused' || state === 'gone') standing.set({ state, message })
    failAll(message)
    breathe()
  }

  return {
    store: {
      id,
      name,
      page,
      standing,
      about: cells.about,
      repositories: cells.repositories,
      queries: cells.queries,
      sync: cells.sync,
      storage: cells.storage,
      troubles: cells.troubles,
      pending: cells.pending,
      driving: cells.driving,
      events,
      data,
      command,
      exportAll: async () => fetchParts(await command('export', null)),
      importAll,
      record,
      copyAsTest: async (range) => testOfRecording(await record(range), {}),
    },
    connect(transport) {
      agreed = false
      const line = createStreams({
        transport,
        // Only the panel opens streams here.
        opened: (stream) => stream.close('not expected'),
        closed(reason) {
          if (streams !== line) return
          disconnect('lost', reason)
          if (standing.get().state === 'lost') lost()
        },
      })
      streams = line
      channel = line.open(CHANNEL_STREAM)
      channel.onMessage((bytes) => {
        if (streams !== line) return
        try {
          take(decodeChannel(bytes))
        } catch (error) {
          if (!(error instanceof IbexError)) throw error
          line.close(error.message)
        }
      })
      send(hello(RELEASE))
    },
    end() {
      const message = 'The page, or its store, is gone.'
      disconnect('gone', message)
      replica?.abandon(new IbexError('unreachable', message))
      void replica?.close()
    },
  }
}

type TopicCells = {
  readonly about: Cell<StoreAbout | undefined>
  readonly sync: Cell<Topics['sync'] | undefined>
  readonly storage: Cell<Topics['storage'] | undefined>
} & { readonly [Name in Exclude<TopicName, 'about' | 'sync' | 'storage'>]: Cell<Topics[Name]> }

function createTopicCells(listened: (topic: TopicName, on: boolean) => void): TopicCells {
  const cell = <T>(topic: TopicName, value: T): Cell<T> => createCell(value, (on) => listened(topic, on))
  return {
    about: cell('about', undefined),
    repositories: cell('repositories', []),
    queries: cell('queries', []),
    sync: cell('sync', undefined),
    storage: cell('storage', undefined),
    troubles: cell('troubles', { rejected: [], problems: [] }),
    pending: cell('pending', { count: 0, actions: [] }),
    driving: cell('driving', null),
  }
}
