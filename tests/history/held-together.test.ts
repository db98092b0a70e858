import { expect, test } from 'vitest'
import { SharedHistory } from '../../src/store/history/shared-history.js'
import { createNode, Task } from '../repository/node.js'

test('what it takes to answer is built once for all who look, and let go some seconds after the last', async () => {
  const { journal, create, setTitle, time } = createNode()
  create('a', 'one')
  await time.pass(1000)
  const idle = journal.onAdmitted.size
  let reads = 0
  const { readCommits } = journal.storage
  journal.storage.readCommits = (...given) => {
    reads++
    return readCommits.apply(journal.storage, given)
  }
  const shared = new SharedHistory({ journal, descent: () => Promise.reject(new Error('All is here.')) }, () =>
    Promise.resolve(),
  )
  const [first, second] = await Promise.all([shared.open(), shared.open()])
  expect(reads).toBe(1)
  first.close()
  first.close()
  expect(() => first.now()).toThrow(expect.objectContaining({ code: 'store-closed' }))
  await time.pass(60_000)
  const past = second.checkout(second.now())
  setTitle('a', 'two')
  await time.pass(1000)
  expect(second.timeline().get()).toHaveLength(2)
  expect(past.collection(Task).get('a')?.title).toBe('one')

  second.close()
  expect(() => past.step(-1)).toThrow(expect.objectContaining({ code: 'store-closed' }))
  // Whoever comes back soon finds it as it was.
  await time.pass(1000)
  const before = reads
  const third = await shared.open()
  expect(reads).toBe(before)
  third.close()
  await time.pass(10_000)
  expect(journal.onAdmitted.size).toBe(idle)
  const fourth = await shared.open()
  expect(reads).toBeGreaterThan(before)
  expect(fourth.timeline().get()).toHaveLength(2)
  fourth.close()
})
