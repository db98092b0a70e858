/** Pages and their stores as a panel sees them: documents that come and go, lines that break, builds that do not match. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { agree, encodeChannel, decodeChannel } from '../../src/inspect/channel-codec.js'
import { CHANNEL_STREAM } from '../../src/inspect/channel.js'
import { createInspection, inspectOwnPage } from '../../src/inspect/inspection.js'
import { encodePage, PAGE_STREAM, type PageAbout } from '../../src/inspect/page-line.js'
import { enter, openRegistry } from '../../src/inspect/registry.js'
import { createStreams, type Streams } from '../../src/inspect/streams.js'
import { createStore } from '../../src/index.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import { seededRandom, VirtualTime } from '../../src/testing/virtual-time.js'
import { createMemoryPair, type MemoryPair } from '../../src/transport/memory.js'
import type { Transport } from '../../src/transport/port.js'
import { Task } from './looking.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

const about = (id: string, ...stores: string[]): PageAbout => ({
  id,
  url: `https://app.test/${id}`,
  title: id,
  top: true,
  stores: stores.map((store) => ({ id: store, name: store, release: '0.1.0', since: 0 })),
})

/** A page that a test plays. */
interface Played {
  readonly pair: MemoryPair
  /** Streams that the panel has opened to stores, by their ids, the newest of each. */
  readonly stores: Map<string, Transport>
  say(page: PageAbout): void
}

function bench(): {
  time: VirtualTime
  inspection: ReturnType<typeof createInspection>
  play(page: PageAbout, frame?: string): Promise<Played>
} {
  const time = new VirtualTime()
  const surroundings = { clock: time, scheduler: time, random: seededRandom(3) }
  const inspection = createInspection(surroundings)
  return {
    time,
    inspection,
    async play(page, frame) {
      const pair = createMemoryPair(surroundings)
      const stores = new Map<string, Transport>()
      let told: Transport | undefined
      createStreams({
        transport: pair[0],
        opened(stream, purpose) {
          if (purpose === PAGE_STREAM) told = stream
          else stores.set(purpose.replace(/^store /, ''), stream)
        },
        closed: () => {},
      })
      inspection.attach(pair[1], frame)
      await time.pass(10)
      const say = (now: PageAbout): void => told?.send(encodePage(now))
      say(page)
      await time.pass(10)
      return { pair, stores, say }
    },
  }
}

/** The page's end of a store's line. */
function answer(stream: Transport, hello: object): { streams: Streams; heard: object[] } {
  const heard: object[] = []
  const streams = createStreams({
    transport: stream,
    opened(channel, purpose) {
      if (purpose !== CHANNEL_STREAM) return
      channel.onMessage((bytes) => heard.push(decodeChannel(bytes)))
      channel.send(encodeChannel({ type: 'hello', release: '0.1.0', ...hello } as never))
    },
    closed: () => {},
  })
  return { streams, heard }
}

const namesOf = (inspection: ReturnType<typeof createInspection>): string[] =>
  inspection.stores.get().map(({ id, standing }) => `${id} ${standing.get().state}`)

describe('pages', () => {
  test('stores come and go with what their page says', async () => {
    const { inspection, play, time } = bench()
    const page = await play(about('first', 'a'))
    expect(inspection.pages.get()).toEqual([
      { id: 'first', url: 'https://app.test/first', title: 'first', top: true, state: 'connected' },
    ])
    expect(namesOf(inspection)).toEqual(['a connecting'])
    answer(page.stores.get('a')!, { versions: [1] })
    await time.pass(10)
    const [a] = inspection.stores.get()
    page.say(about('first', 'a', 'b'))
    await time.pass(10)
    expect(namesOf(inspection)).toEqual(['a connected', 'b connecting'])
    expect(inspection.stores.get()[0]).toBe(a)
    page.say(about('first', 'b'))
    await time.pass(10)
    expect(namesOf(inspection)).toEqual(['b connecting'])
    expect(a!.standing.get().state).toBe('gone')
    await expect(a!.command('setOffline', { offline: true })).rejects.toMatchObject({ code: 'unreachable' })
  })

  test('frames are apart; another document in a frame ends the one before; the same one over a new line goes on', async () => {
    const { inspection, play, time } = bench()
    const top = await play(about('top', 'a'), 'frame 0')
    await play(about('inner', 'b'), 'frame 1')
    expect(namesOf(inspection)).toEqual(['a connecting', 'b connecting'])
    const [a, b] = inspection.stores.get()
    top.pair.sever()
    await time.pass(10)
    expect(inspection.pages.get().map(({ state }) => state)).toEqual(['lost', 'connected'])
    expect(a!.standing.get().state).toBe('lost')
    const again = await play(about('top', 'a'), 'frame 0')
    expect(inspection.stores.get()).toEqual([a, b])
    answer(again.stores.get('a')!, { versions: [1] })
    await time.pass(10)
    expect(a!.standing.get().state).toBe('connected')
    // The page is reloaded.
    again.pair.sever()
    await play(about('top again', 'c'), 'frame 0')
    expect(namesOf(inspection)).toEqual(['b connecting', 'c connecting'])
    expect(a!.standing.get().state).toBe('gone')
  })

  test('a page that does not come back is gone', async () => {
    const { inspection, play, time } = bench()
    const page = await play(about('first', 'a'))
    const [a] = inspection.stores.get()
    page.pair.sever()
    await time.pass(2500)
    expect(namesOf(inspection)).toEqual(['a lost'])
    await time.pass(1000)
    expect(inspection.pages.get()).toEqual([])
    expect(a!.standing.get().state).toBe('gone')
  })

  test('a line to one store that breaks is made again', async () => {
    const { inspection, play, time } = bench()
    const page = await play(about('first', 'a'))
    const before = page.stores.get('a')!
    before.close('The devtools’ part could not be loaded.')
    await time.pass(10)
    expect(inspection.stores.get()[0]!.standing.get()).toEqual({
      state: 'lost',
      message: 'The devtools’ part could not be loaded.',
    })
    await time.pass(2000)
    expect(page.stores.get('a')).not.toBe(before)
  })

  test('after closing nothing is left', async () => {
    const { inspection, play } = bench()
    const page = await play(about('first', 'a'))
    const ended = vi.fn()
    page.stores.get('a')!.onClose(ended)
    inspection.close()
    expect([inspection.pages.get(), inspection.stores.get()]).toEqual([[], []])
    const [, right] = createMemoryPair({ scheduler: new VirtualTime(), random: seededRandom(1) })
    inspection.attach(right)
    const closed = vi.fn()
    right.onClose(closed)
    expect(closed).toHaveBeenCalled()
  })
})

describe('builds that do not match', () => {
  test('a page of a channel that the panel does not know, and one that does not know the panel', async () => {
    const { inspection, play, time } = bench()
    const page = await play(about('first', 'new', 'old'))
    const { heard } = answer(page.stores.get('new')!, { versions: [8], release: '9.9.9' })
    answer(page.stores.get('old')!, { type: 'refused', message: 'The page is older than that.' })
    await time.pass(10)
    const [newer, older] = inspection.stores.get()
    expect(newer!.standing.get()).toEqual({
      state: 'refused',
      message: expect.stringContaining('9.9.9') as string,
    })
    expect(older!.standing.get()).toEqual({ state: 'refused', message: 'The page is older than that.' })
    expect(agree(heard[0] as never)).toBe(1)
    // It is not tried again and again.
    const stream = page.stores.get('new')
    await time.pass(10_000)
    expect(page.stores.get('new')).toBe(stream)
  })

  test('what a page says that the panel does not know is passed over, and answered', async () => {
    const { inspection, play, time } = bench()
    const page = await play(about('first', 'a'))
    let channel: Transport | undefined
    const heard: object[] = []
    createStreams({
      transport: page.stores.get('a')!,
      opened(stream) {
        channel = stream
        stream.onMessage((bytes) => heard.push(decodeChannel(bytes)))
        stream.send(encodeChannel({ type: 'hello', versions: [1], release: '0.1.0' }))
      },
      closed: () => {},
    })
    await time.pass(10)
    channel!.send(encodeChannel({ type: 'weather', sunny: true } as never))
    channel!.send(encodeChannel({ type: 'topic', name: 'weather', data: 1 } as never))
    channel!.send(encodeChannel({ type: 'topic', name: 'driving', data: null }))
    await time.pass(10)
    expect(heard).toContainEqual({ type: 'unknown', of: 'weather' })
    expect(inspection.stores.get()[0]!.standing.get().state).toBe('connected')
  })
})

describe('a page as it is', () => {
  test('its stores announce themselves, before and after somebody looks, and can be looked into', async () => {
    const make = (name: string): ReturnType<typeof createStore> => {
      const store = createStore({ name, schemas: [Task], server: false, storage: createMemoryStorage() })
      cleanups.push(() => store.close())
      return store
    }
    const first = make('first')
    await first.ready()
    first.collection(Task).create({ title: 'x' }, { id: 'one' })
    const inspection = inspectOwnPage()
    cleanups.push(() => inspection.close())
    await vi.waitFor(() => expect(inspection.stores.get().map(({ name }) => name)).toContain('first'))
    const second = make('second')
    await second.ready()
    await vi.waitFor(() => expect(inspection.stores.get().map(({ name }) => name)).toContain('second'))
    const seen = inspection.stores.get().find(({ name }) => name === 'first')!
    await vi.waitFor(() => expect(seen.data.get()).toBeDefined())
    const data = seen.data.get()!
    await data.ready()
    expect(data.collection(Task).get('one')).toEqual(first.collection(Task).get('one'))
    first.collection(Task).update('one', { title: 'y' })
    await vi.waitFor(() => expect(data.collection(Task).get('one')).toMatchObject({ title: 'y' }))
    await second.close()
    await vi.waitFor(() => expect(inspection.stores.get().map(({ name }) => name)).not.toContain('second'))
  })

  test('one that does not want to be looked into is not', async () => {
    const store = createStore({
      name: 'private',
      schemas: [Task],
      server: false,
      storage: createMemoryStorage(),
      devtools: false,
    })
    cleanups.push(() => store.close())
    await store.ready()
    expect(Array.from(openRegistry().stores, ({ name }) => name)).not.toContain('private')
  })

  test('stores of other copies of the package stand in the same registry', () => {
    const watcher = vi.fn()
    openRegistry().watchers.add(watcher)
    cleanups.push(() => openRegistry().watchers.delete(watcher))
    const leave = enter({ id: 'x', name: 'other', release: '7.0.0', since: 0, serve: () => {} })
    const registry = (globalThis as Record<symbol, unknown>)[Symbol.for('ibex-state.devtools')]
    expect(registry).toBe(openRegistry())
    expect(Object.keys(registry as object)).toEqual(['stores', 'watchers'])
    leave()
    leave()
    expect(watcher).toHaveBeenCalledTimes(2)
  })
})
