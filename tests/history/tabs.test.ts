import { beforeAll, expect, test } from 'vitest'
import type { History } from '../../src/index.js'
import { loadHistory } from '../../src/store/on-demand.js'
import { Browser, Task } from '../store/browser.js'

// Loading code takes real time, of which virtual time knows nothing.
beforeAll(loadHistory)

test('a tab whose bodies another has stored shows them in history, and has all of it when it leads', async () => {
  const browser = new Browser()
  const leader = await browser.open()
  leader.write('one')
  await browser.pass(3000)
  const follower = await browser.open()
  leader.write('two')
  await browser.pass(3000)
  const look = async (): Promise<History> => {
    let history: History | undefined
    void follower.store.history().then((given) => (history = given))
    await browser.pass(100)
    return history!
  }
  const followed = await look()
  expect(followed.timeline().get()).toHaveLength(2)
  expect(followed.checkout(followed.now()).collection(Task).query().count).toBe(2)
  followed.close()

  leader.life.end()
  await browser.pass(5000)
  const history = await look()
  expect(history.timeline().get()).toHaveLength(2)
  expect(history.checkout(history.now()).collection(Task).query().count).toBe(2)
})
