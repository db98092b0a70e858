import { expect, test } from 'vitest'
import type { History } from '../../src/index.js'
import { Browser, Task } from '../store/browser.js'

test('a tab whose bodies another has stored says that history is missing; when it leads it has all of it', async () => {
  const browser = new Browser()
  const leader = await browser.open()
  leader.write('one')
  await browser.pass(3000)
  const follower = await browser.open()
  leader.write('two')
  await browser.pass(3000)
  const refused = follower.store.history()
  refused.catch(() => {})
  await browser.pass(100)
  await expect(refused).rejects.toMatchObject({ code: 'history-missing' })

  leader.life.end()
  await browser.pass(5000)
  let history: History | undefined
  void follower.store.history().then((given) => (history = given))
  await browser.pass(100)
  expect(history!.timeline().get()).toHaveLength(2)
  expect(history!.checkout(history!.now()).collection(Task).query().count).toBe(2)
})
