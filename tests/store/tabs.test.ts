import { expect, test } from 'vitest'
import type { Engine } from '../../src/store/engine.js'
import { Life } from '../simulation/mortal.js'
import { Browser, MAIN, type Tab, Task } from './browser.js'

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
