import { afterEach, expect, test, vi } from 'vitest'
import { IbexError } from '../../src/errors.js'
import type { TextStorage } from '../../src/repository/leaving.js'
import type { PagePort } from '../../src/store/ports.js'
import { Browser } from './browser.js'

/** No part of the program can be loaded any more: the network is away, or the server has another release. */
const away = vi.hoisted(() => ({ unreachable: false }))
afterEach(() => void (away.unreachable = false))

function part<T>(load: () => Promise<T>): () => Promise<T> {
  return () => (away.unreachable ? Promise.reject(new IbexError('unreachable', 'not now')) : load())
}

vi.mock('../../src/repository/on-demand.js', async (load) => {
  const { loadSeldomOfRepository } = await load<typeof import('../../src/repository/on-demand.js')>()
  return { loadSeldomOfRepository: part(loadSeldomOfRepository) }
})
vi.mock('../../src/store/on-demand.js', async (load) => {
  const { loadSeldomOfStore } = await load<typeof import('../../src/store/on-demand.js')>()
  return { loadSeldomOfStore: part(loadSeldomOfStore) }
})
vi.mock('../../src/store/past-on-demand.js', async (load) => {
  const { loadPast } = await load<typeof import('../../src/store/past-on-demand.js')>()
  return { loadPast: part(loadPast) }
})

/** A page that is told to go, and keeps what it leaves in `texts`. */
function createPage(texts: Map<string, string>): { leftovers: TextStorage; page: PagePort; hide(): void } {
  let hide = (): void => {}
  return {
    leftovers: {
      get length() {
        return texts.size
      },
      key: (index) => [...texts.keys()][index] ?? null,
      getItem: (key) => texts.get(key) ?? null,
      setItem: (key, value) => void texts.set(key, value),
      removeItem: (key) => void texts.delete(key),
    },
    page: {
      onHide(fn) {
        hide = () => fn(true)
        return () => {}
      },
      onRevive: () => () => {},
      onOnline: () => () => {},
    },
    hide: () => hide(),
  }
}

test('I-3: what a page left is kept until what finishes it can be loaded, and keeps nothing from opening', async () => {
  const browser = new Browser()
  const texts = new Map<string, string>()
  const page = createPage(texts)
  const gone = await browser.open(undefined, page)
  gone.write('one')
  await browser.pass(1000)
  gone.write('two')
  page.hide()
  gone.life.end()
  expect(texts.size).toBe(1)
  away.unreachable = true
  const next = await browser.open(undefined, createPage(texts))
  expect(next.titles()).toEqual(['one'])
  next.write('three')
  await browser.pass(6000)
  expect(texts.size).toBe(1)
  away.unreachable = false
  await browser.pass(6000)
  expect(next.titles()).toEqual(['one', 'three', 'two'])
  expect(texts.size).toBe(0)
})

test('a tab reaches the leading one as soon as what it needs for that can be loaded', async () => {
  const browser = new Browser()
  const leader = await browser.open()
  leader.write('one')
  await browser.pass(1000)
  away.unreachable = true
  const opening = browser.open()
  await browser.pass(500)
  away.unreachable = false
  const follower = await opening
  expect(follower.titles()).toEqual(['one'])
  follower.write('two')
  await browser.pass(1000)
  expect(leader.titles()).toEqual(['one', 'two'])
})
