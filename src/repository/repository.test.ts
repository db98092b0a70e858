import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IbexError } from '../errors.js'
import { requireItemId } from '../ids.js'
import { createNode, Task } from '../../tests/repository/node.js'

test('I-1: a transaction that throws is taken back wholly, and nobody hears of it', () => {
  const { repository, create, setTitle, title } = createNode()
  create('a', 'one')
  const heard: string[] = []
  repository.table(Task).subscribe(requireItemId('a'), () => heard.push('a'))
  expect(() =>
    repository.transact(() => {
      setTitle('a', 'two')
      create('b', 'new')
      expect(title('a')).toBe('two')
      throw new Error('no')
    }),
  ).toThrow('no')
  expect(title('a')).toBe('one')
  expect(title('b')).toBeUndefined()
  expect(heard).toHaveLength(1)
  expect(title('a')).toBe('one')
})

test('I-1: an inner transaction that throws takes back only itself', async () => {
  const { repository, journal, time, create, setTitle, title } = createNode()
  repository.transact(() => {
    create('a', 'one')
    expect(() =>
      repository.transact(() => {
        setTitle('a', 'two')
        throw new Error('inner')
      }),
    ).toThrow('inner')
    expect(title('a')).toBe('one')
    repository.transact(() => setTitle('a', 'three'))
    create('b', 'four')
  }, 'outer')
  await time.pass(1000)
  expect(title('a')).toBe('three')
  expect(journal.graph.size).toBe(1)
})

test('I-1: everything of a transaction is folded before anybody is told', () => {
  const { repository, create, title } = createNode()
  const seen: unknown[] = []
  const table = repository.table(Task)
  for (const id of ['a', 'b']) table.subscribe(requireItemId(id), () => seen.push([title('a'), title('b')]))
  repository.transact(() => {
    create('a', 'one')
    create('b', 'two')
    expect(seen).toEqual([])
  })
  expect(seen).toEqual([
    ['one', 'two'],
    ['one', 'two'],
  ])
})

test('I-1: a transaction is one action of one commit', async () => {
  const { repository, journal, time, create } = createNode()
  create('z', 'before')
  repository.transact(() => {
    for (let i = 0; i < 200; i++) create(`i${i}`, 'x'.repeat(100))
  }, 'import')
  await time.pass(1000)
  const sizes = await Promise.all(
    Array.from({ length: journal.graph.size }, async (_, n) => (await journal.bytesOf(journal.graph.idAt(n))).length),
  )
  expect(sizes).toHaveLength(1)
})

test('a transaction too large for a commit throws at once, and nothing of it stays', () => {
  const { repository, create, title } = createNode()
  const write = (): void => {
    for (let i = 0; i < 3000; i++) create(`i${i}`, 'x'.repeat(100))
  }
  expect(() => repository.transact(write)).toThrow(expect.objectContaining({ code: 'too-large' }))
  expect(title('i0')).toBeUndefined()
  expect(repository.state.count('task')).toBe(0)
  expect(() => create('a', 'x'.repeat(300_000))).toThrow(IbexError)
  expect(title('a')).toBeUndefined()
})

test('a transaction whose function is asynchronous is refused', () => {
  const { repository, create, title } = createNode()
  expect(() => repository.transact(async () => void create('a', 'x'))).toThrow(
    expect.objectContaining({ code: 'draft-async' }),
  )
  expect(title('a')).toBeUndefined()
})

test('a listener may write: it is told in a further round', () => {
  const { repository, create, setTitle, title } = createNode()
  create('a', '1')
  const titles: unknown[] = []
  repository.table(Task).subscribe(requireItemId('a'), () => {
    titles.push(title('a'))
    if (titles.length < 3) setTitle('a', `${titles.length + 1}`)
  })
  setTitle('a', 'x')
  expect(titles).toEqual(['x', '2', '3'])
})

test('writes before the repository is open are refused', () => {
  const { repository, create } = createNode()
  repository.writable = false
  expect(() => create('a', 'x')).toThrow(expect.objectContaining({ code: 'not-ready' }))
})

test('a schema that the store does not have is named', () => {
  const { repository } = createNode()
  expect(() => repository.table({ ...Task, name: 'other' })).toThrow(
    expect.objectContaining({ code: 'unknown-schema', message: expect.stringContaining("'other'") }),
  )
})

test('property: what transactions leave is what their successful parts wrote', () => {
  const write = fc.record({ id: fc.integer({ min: 0, max: 4 }), title: fc.string({ maxLength: 5 }) })
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      write.map((one) => ({ one })),
      fc.record({ fails: fc.boolean(), parts: fc.array(tie('tree'), { maxLength: 4 }) }),
    ),
  }))
  interface Group {
    fails: boolean
    parts: Node[]
  }
  type Node = { one: { id: number; title: string } } | Group
  const model = (node: Node, titles: Map<number, string>): void => {
    if ('one' in node) titles.set(node.one.id, node.one.title)
    else {
      const inner = new Map(titles)
      for (const part of node.parts) model(part, inner)
      if (!node.fails) for (const [id, title] of inner) titles.set(id, title)
    }
  }
  fc.assert(
    fc.property(fc.array(tree as fc.Arbitrary<Node>, { maxLength: 6 }), (nodes) => {
      const { repository, create, setTitle, title } = createNode()
      const titles = new Map<number, string>()
      for (let i = 0; i < 5; i++) {
        create(`i${i}`, '')
        titles.set(i, '')
      }
      const run = (node: Node): void => {
        if ('one' in node) setTitle(`i${node.one.id}`, node.one.title)
        else {
          try {
            repository.transact(() => {
              for (const part of node.parts) run(part)
              if (node.fails) throw new Error('fails')
            })
          } catch {
            // As meant.
          }
        }
      }
      for (const node of nodes) {
        run(node)
        model(node, titles)
      }
      for (const [id, expected] of titles) expect(title(`i${id}`)).toBe(expected)
    }),
    { numRuns: 150 },
  )
})

test('names of many authors that become known show everything anew once', async () => {
  const { repository, create, time } = createNode()
  create('a', '')
  let told = 0
  repository.onPublished.subscribe(() => told++)
  for (let i = 0; i < 100; i++) repository.renewSoon()
  expect(told).toBe(0)
  await time.pass(1000)
  expect(told).toBe(1)
})
