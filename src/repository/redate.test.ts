import { expect, test } from 'vitest'
import { createNode, Task, type TestNode } from '../../tests/repository/node.js'
import { sha256 } from '../crypto/sha256.js'
import { type Commit, decodeCommit } from '../graph/commit.js'
import { requireItemId } from '../ids.js'
import { recordDraft } from '../item/draft.js'
import { createMemoryStorage } from '../storage/memory.js'
import { VirtualTime } from '../testing/virtual-time.js'
import { admit } from './admission.js'
import { openLog } from './opening.js'
import { redate } from './redate.js'

const DECADE = 10 * 365 * 24 * 3_600_000

/** A device whose clock is ten years ahead of the server's, as it will find out. */
function fast(options: Parameters<typeof createNode>[0] = {}): TestNode & { learn(): void; serverTime(): number } {
  const time = new VirtualTime()
  let offset = 0
  const node = createNode({ time, authority: 'remote', clockOffset: () => offset, ...options })
  return {
    ...node,
    learn: () => (offset = -DECADE),
    serverTime: () => time.now() - DECADE,
  }
}

function tag(node: TestNode, change: (tags: Set<string>) => void): void {
  const id = requireItemId('x')
  const item = node.repository.state.get('task', id)!
  node.repository.write(
    id,
    Task,
    recordDraft(Task, item, (task) => change(task.tags as Set<string>)),
  )
}

const shown = ({ repository }: TestNode): unknown => repository.table(Task).get(requireItemId('x'))

test('what was dated by a clock that was ahead is dated anew; those who wait, and what was removed, follow', async () => {
  const node = fast()
  const { journal, create, setTitle, learn, serverTime } = node
  create('x', 'first')
  tag(node, (tags) => tags.add('red').add('blue'))
  await journal.flush()
  tag(node, (tags) => tags.delete('red'))
  const window = setTitle('x', 'second')
  await journal.flush()
  const before = { ids: journal.graph.heads(), pending: journal.pendingActions }
  learn()
  await redate(journal)
  expect(journal.graph.size).toBe(2)
  expect(journal.pendingActions).toBe(before.pending)
  expect(journal.graph.maxTime().ms).toBe(serverTime())
  expect(shown(node)).toMatchObject({ title: 'second', tags: ['blue'] })
  await journal.flush()
  const [head] = journal.graph.heads()
  expect(before.ids).not.toContain(head)
  journal.verdicts.accept([head!])
  await window.wait('server')
  expect(journal.pendingActions).toBe(0)
  // Once is enough.
  await redate(journal)
  expect(journal.graph.heads()).toEqual([head])
})

test('what the authority has accepted, or is ahead by little, stays as it is', async () => {
  const { journal, create, learn } = fast()
  create('x', 'accepted')
  await journal.flush()
  const heads = journal.graph.heads()
  await redate(journal)
  journal.verdicts.accept(heads)
  learn()
  await redate(journal)
  expect(journal.graph.heads()).toEqual(heads)
})

test('I-15: of a log that holds both, before and after, each change counts once', async () => {
  const storage = createMemoryStorage()
  const first = fast({ log: await storage.openLog('r') })
  first.create('x', 'first')
  tag(first, (tags) => tags.add('red'))
  await first.journal.flush()
  first.setTitle('x', 'second')
  await first.journal.flush()
  first.learn()
  await redate(first.journal)
  await first.journal.flush()
  // The machine stopped before all was written again: what is left is not lost.
  for (const records of [4, 3]) {
    const log = await storage.openLog('r')
    const again = createNode({ authority: 'remote' })
    let count = 0
    await openLog(again.journal, {
      ...log,
      replay: (each, after) => log.replay((payload, at) => count++ < records && each(payload, at), after),
    })
    expect(shown(again)).toMatchObject({ title: 'second', tags: ['red'] })
    expect(again.journal.graph.size + again.journal.stranded.size).toBe(2)
    expect(again.journal.pendingActions).toBe(first.journal.pendingActions)
  }
})

test('of two commits of one flush that counts which comes from nearer to the authority', async () => {
  const storage = createMemoryStorage()
  const leader = fast({ log: await storage.openLog('r') })
  const follower = fast({ follows: true, process: 2 })
  leader.create('x', 'first')
  await leader.journal.flush()
  const give = async (from: TestNode, to: TestNode, upstream: boolean): Promise<number> => {
    const { graph } = from.journal
    const batch: Commit[] = []
    for (let n = 0; n < graph.size; n++) batch.push(decodeCommit(await from.journal.bytesOf(graph.idAt(n)), sha256))
    const source = { trusted: true, session: from.repository.session, upstream }
    const { admitted } = await to.journal.exclusive(() => admit(to.journal, batch, source))
    return admitted.length
  }
  await give(leader, follower, true)
  const late = follower.setTitle('x', 'from the other tab')
  follower.journal.capture()
  leader.learn()
  await redate(leader.journal)
  // The follower has not heard of it yet, and what it says is of no use.
  expect(await give(follower, leader, false)).toBe(0)
  expect(leader.journal.graph.size).toBe(1)
  follower.learn()
  expect(await give(leader, follower, true)).toBe(1)
  expect(shown(follower)).toMatchObject({ title: 'from the other tab' })
  expect(follower.journal.graph.maxTime().ms).toBe(leader.serverTime())
  await follower.journal.flush()
  expect(await give(follower, leader, false)).toBe(1)
  expect(leader.journal.graph.heads()).toEqual(follower.journal.graph.heads())
  follower.journal.verdicts.accept(leader.journal.graph.heads())
  await late.wait('server')
})
