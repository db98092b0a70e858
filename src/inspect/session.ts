/** One panel at one store, from its hello to its end: its streams, what it watches, what it was told last. */
import { IbexError } from '../errors.js'
import type { Transport } from '../transport/port.js'
import { equalBytes } from '../value/bytes.js'
import type { Exposed } from './exposed.js'
import { CHANNEL_STREAM, COPY_STREAM, type InspectionEvent, type PageMessage, type TopicMessage } from './channel.js'
import { type TopicName, TOPICS, type Topics } from './topics.js'
import { agree, decodeChannel, disagreement, encodeChannel, hello, type Received } from './channel-codec.js'
import type { CommandRunner } from './commands.js'
import { exhibit } from './exhibit.js'
import { RELEASE } from './release.js'
import { createStreams } from './streams.js'

export interface SessionOptions {
  readonly exposed: Exposed
  readonly transport: Transport
  readonly topics: { readonly [Name in TopicName]: () => Topics[Name] | Promise<Topics[Name]> }
  readonly commands: CommandRunner
  /** Events after that number, oldest first. */
  events(since: number): readonly InspectionEvent[]
  /** The panel has said that it is there. */
  alive(): void
  /** It had something done. */
  commanded(what: string): void
  closed(): void
}

export interface Session {
  /** Says what has changed of what the panel watches. */
  tell(): void
  /** The store's repositories are others now. */
  endCopies(reason: string): void
}

export function createSession(options: SessionOptions): Session {
  const { exposed, transport, topics, commands } = options
  const said = new Map<TopicName, Uint8Array>()
  const copies = new Set<Transport>()
  let watched: readonly TopicName[] = []
  let since = 0
  let channel: Transport | undefined
  let agreed = false
  let telling = false
  let again = false

  function send(message: PageMessage): void {
    channel?.send(encodeChannel(message))
  }

  async function tellTopics(): Promise<void> {
    for (const name of watched) {
      const data = await topics[name]()
      const message = { type: 'topic', name, data } as TopicMessage
      const bytes = encodeChannel(message)
      const before = said.get(name)
      if (before && equalBytes(before, bytes)) continue
      // The transport may move what it is given.
      said.set(name, bytes.slice())
      channel?.send(bytes)
    }
  }

  function tellEvents(): void {
    const events = options.events(since)
    if (events.length === 0) return
    const lost = since === 0 ? 0 : events[0]!.n - since - 1
    since = events.at(-1)!.n
    send({ type: 'events', events, lost })
  }

  function tell(): void {
    if (!agreed) return
    tellEvents()
    again = true
    if (telling) return
    telling = true
    void (async () => {
      while (again) {
        again = false
        await tellTopics()
      }
    })()
      .catch(report)
      .finally(() => (telling = false))
  }

  /** A mistake of ours is no reason to go on in silence. */
  function report(error: unknown): void {
    transport.close(`The devtools' part of ibex-state failed: ${String(error)}`)
  }

  function command(message: Received): void {
    const { id, name, args = null } = message
    if (typeof id !== 'number' || typeof name !== 'string') throw new IbexError('protocol', 'A command without a name.')
    options.commanded(name)
    commands.run(name, args).then(
      (value) => send({ type: 'answer', id, value }),
      (error: unknown) => {
        const { code, message: text } =
          error instanceof IbexError ? error : { code: 'protocol', message: String(error) }
        send({ type: 'failure', id, code, message: text })
      },
    )
  }

  function takeHello(message: Received): void {
    if (agree(message) !== undefined) {
      agreed = true
      return
    }
    send({ type: 'refused', message: disagreement(message, 'panel', RELEASE) })
    transport.close('refused')
  }

  function take(message: Received): void {
    const { type } = message
    if (!agreed) {
      if (type === 'hello') takeHello(message)
      else throw new IbexError('protocol', 'Say hello first.')
      return
    }
    switch (type) {
      case 'hello':
      case 'unknown':
        return
      case 'watch': {
        const names: readonly unknown[] = Array.isArray(message['topics']) ? message['topics'] : []
        watched = TOPICS.filter((name) => names.includes(name))
        for (const name of said.keys()) if (!watched.includes(name)) said.delete(name)
        since = Math.max(since, Number(message['since']) || 0)
        tell()
        return
      }
      case 'command':
        command(message)
        return
      case 'alive':
        options.alive()
        return
      default:
        send({ type: 'unknown', of: type })
    }
  }

  function openChannel(stream: Transport): void {
    channel?.close('another was opened')
    channel = stream
    stream.onMessage((bytes) => {
      try {
        take(decodeChannel(bytes))
      } catch (error) {
        if (!(error instanceof IbexError)) throw error
        transport.close(error.message)
      }
    })
    send(hello(RELEASE))
  }

  function openCopy(stream: Transport): void {
    const { store, redact, keyframeFrom } = exposed
    const { engine } = store
    if (!engine || !agreed) {
      stream.close(agreed ? 'The store is not running yet.' : 'Say hello first.')
      return
    }
    copies.add(stream)
    exhibit({
      store,
      engine,
      redact,
      keyframeFrom,
      transport: stream,
      mask: (repository, mask) => send({ type: 'masks', repository, masks: [mask] }),
    })
  }

  createStreams({
    transport,
    opened(stream, purpose) {
      if (purpose === CHANNEL_STREAM) openChannel(stream)
      else if (purpose === COPY_STREAM) openCopy(stream)
      else stream.close(`This page has no stream '${purpose}'. Update ibex-state in the app.`)
    },
    closed: () => options.closed(),
  })

  return {
    tell,
    endCopies(reason) {
      for (const copy of copies) copy.close(reason)
      copies.clear()
    },
  }
}
