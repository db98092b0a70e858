/** A server whose past is below a keyframe, and clients of it that can be lied to. */
import { expect } from 'vitest'
import type { Journal } from '../../src/repository/journal.js'
import type { Replica } from '../../src/store/replica.js'
import type { Opened } from '../../src/store/replica-options.js'
import { decodeMessage, encodeMessage } from '../../src/sync/message-codec.js'
import type { Message, UnknownMessage } from '../../src/sync/messages.js'
import type { Transport } from '../../src/transport/port.js'
import { MAIN } from './raw-client.js'
import { type Client, World } from './world.js'

const RHYTHM = { commits: 40, bytes: 2 ** 30, worthwhile: 30, idleMs: 5000 }

export class SmallWorld extends World {
  override rhythm = RHYTHM
  /** What the server has sent on the newest connection, and may be made to say instead. */
  sent: (Message | UnknownMessage)[] = []
  lie: (message: Message) => Message | undefined = (message) => message

  override dial(lines: Client['lines'] = [], headers: Record<string, string> = {}): Transport {
    const transport = super.dial(lines, headers)
    this.sent = []
    const { sent } = this
    return {
      ...transport,
      onMessage: (fn) =>
        transport.onMessage((bytes) => {
          const message = decodeMessage(bytes)
          sent.push(message)
          const said = message.type === 'unknown' ? undefined : this.lie(message)
          if (said) fn(encodeMessage(said))
        }),
    }
  }

  count(type: Message['type']): number {
    return this.sent.filter((message) => message.type === type).length
  }
}

/** A server with so many commits, of which most are below its keyframe, and one whole client. */
export async function begin(commits = 50, bulk = 0): Promise<{ world: SmallWorld; old: Client; server: Journal }> {
  const world = await new SmallWorld().start()
  const old = await world.client()
  for (let i = 0; i < commits; i++) {
    if (i % 3 === 0) old.tasks.create({ title: `t${i}${'.'.repeat(bulk)}`, tags: ['x'] }, { id: `i${i}` })
    else
      old.tasks.update(
        `i${i - (i % 3)}`,
        (task) => void (task.votes.increment(i), task.tags.add(`${i}${'.'.repeat(bulk)}`)),
      )
    await world.settle(400)
  }
  // The rest is sealed, and so accepted everywhere.
  await world.settle(25_000)
  const hosted = await world.server.repository(MAIN)
  expect(hosted.keyframe).toBeDefined()
  return { world, old, server: hosted.journal }
}

export function openedOf({ store }: Client): Opened {
  return (store as unknown as { engine: { replica: Replica } }).engine.replica.get(MAIN)!
}

export function journalOf(client: Client): Journal {
  return openedOf(client).journal
}

/** Lets time pass until something is done. */
export async function passing<T>(world: World, work: Promise<T>): Promise<T> {
  let done = false
  const end = (): void => void (done = true)
  work.then(end, end)
  while (!done) await world.settle(50)
  return work
}
