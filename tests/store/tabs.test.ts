import { expect, test } from 'vitest'
import type { Engine } from '../../src/store/engine.js'
import type { Opened } from '../../src/store/replica-options.js'
import { Life } from '../simulation/mortal.js'
import { Browser, MAIN, type Tab, Task } from './browser.js'

const openedOf = ({ store }: Tab): Opened => (store as unknown as { engine: Engine }).engine.replica.get(MAIN)!
const journalOf = ({ store }: Tab): { storage: { kept: readonly string[] }; graph: { size: number } } =>
  (store as unknown as { engine: Engine }).engine.replica.get(MAIN)!.journal

test('a tab whose line to the leading tab broke finds it again', async () => {
  const browser = new Browser()
  const lines: { from: string; to: string; line: number }[] = []
  const spy = browser.air.of(new Life())('ibex main')
  spy.addEventListener('message', ({ data }) => {
    const message = data as { kind: string; from: string; to: string; line: number }
    if (message.kind === 'open') lines.push(message)
  })
  const leader = await browser.open()
  const follower = await browser.open()
  leader.write('one')
  await browser.pass(1000)
  expect(follower.titles()).toEqual(['one'])
  // Something that is no message: the leading tab hangs up.
  spy.postMessage({ ...lines.at(-1)!, kind: 'bytes', bytes: new Uint8Array([7, 7, 7]) })
  await browser.pass(100)
  follower.write('two')
  await browser.pass(5000)
  expect(leader.titles()).toEqual(['one', 'two'])
  expect(lines).toHaveLength(2)
})

test('what a tab that is gone had stored, and told nobody, is known to be stored', async () => {
  const browser = new Browser()
  const leader = await browser.open(({ kind, message }) => kind === 'say' && message?.word === 'stored')
  const second = await browser.open()
  const third = await browser.open()
  third.write('one')
  await browser.pass(200)
  expect(leader.titles()).toEqual(['one'])
  leader.life.end()
  let flushed = false
  void third.store.flush().then(() => (flushed = true))
  await browser.pass(5000)
  expect(second.titles()).toEqual(['one'])
  expect(flushed).toBe(true)
  expect(third.store.status().pending).toBe(0)
})

test('I-17: a tab does not keep the bytes of what another has stored', async () => {
  const browser = new Browser()
  const leader = await browser.open()
  for (let i = 0; i < 30; i++) {
    leader.write(`${i}`)
    await browser.pass(400)
  }
  const follower = await browser.open()
  leader.write('last')
  await browser.pass(3000)
  expect(journalOf(follower).graph.size).toBe(31)
  expect(journalOf(follower).storage.kept).toEqual([])
})

test('a tab that closes takes nothing over: what it would open may have been destroyed', async () => {
  const browser = new Browser()
  const leader = await browser.open()
  const follower = await browser.open()
  leader.write('one')
  await browser.pass(1000)
  const { replica } = (follower.store as unknown as { engine: Engine }).engine
  const opened: string[] = []
  const storage = { ...browser.storage, openLog: (name: string) => (opened.push(name), browser.storage.openLog(name)) }
  void follower.store.close()
  await replica.lead(storage)
  expect(opened).toEqual([])
})

test('a tab is told when the leading one cannot open a repository, and may ask again', async () => {
  const browser = new Browser()
  const { openLog } = browser.storage
  let broken = true
  browser.storage.openLog = (name) =>
    broken && name === '/data/bad' ? Promise.reject(new Error('a bad disk')) : openLog(name)
  const leader = await browser.open()
  const follower = await browser.open()
  const failed = follower.store.ready('/data/bad')
  failed.catch(() => {})
  await browser.pass(1000)
  await expect(failed).rejects.toMatchObject({ code: 'storage' })
  broken = false
  void leader.store.ready('/data/bad')
  await browser.pass(1000)
  const ready = follower.store.ready('/data/bad')
  await browser.pass(1000)
  await ready
  follower.store.collection(Task, { in: '/data/bad' }).create({ title: 'x' })
  await browser.pass(1000)
  expect(leader.store.collection(Task, { in: '/data/bad' }).query().get()).toHaveLength(1)
})

test('a tab begins from what the leading one has accepted, finds all else there, and takes it over whole', async () => {
  const browser = new Browser()
  const leader = await browser.open()
  for (let i = 0; i < 1000; i++) {
    leader.write(`${i}`)
    const flushed = leader.store.flush()
    await browser.pass(1)
    await flushed
  }
  const young = await browser.open()
  const opened = openedOf(young)
  expect(young.titles()).toEqual(leader.titles())
  expect(opened.journal.graph.size).toBe(1)
  expect(young.store.status().history).toEqual(leader.store.status().history)
  // Older commits by their names; and what came meanwhile.
  const { graph, storage } = openedOf(leader).journal
  for (const n of [0, 500]) {
    const id = graph.idAt(n)
    expect(await browser.while(opened.journal.storage.bytesOf(id))).toEqual((await storage.bytesOf(id)).slice())
  }
  leader.write('more')
  young.write('other')
  await browser.pass(1000)
  expect(young.titles()).toEqual(leader.titles())
  expect(opened.journal.graph.size).toBe(3)
  leader.life.end()
  await browser.pass(5000)
  expect(opened.journal.graph.size).toBe(1002)
  expect(opened.journal.boundary).toBeUndefined()
  expect(young.store.status().history).toMatchObject({ state: 'complete', here: 1002 })
  young.write('last')
  await browser.pass(1000)
  const again = await browser.open()
  expect(again.titles()).toEqual(young.titles())
  expect(again.titles()).toHaveLength(1003)
  // Somebody looks: all of it comes from the tab that leads.
  const descent = await openedOf(again).descent()
  await browser.while(descent.complete())
  expect(openedOf(again).journal.graph.size).toBe(1003)
  expect(openedOf(again).journal.fates.voids()).toEqual([])
})
