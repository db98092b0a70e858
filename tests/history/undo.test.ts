/**
 * Two authors who take turns, do things, and undo and redo what they did; against a model that replays what is in effect.
 * Nobody writes without having seen the other: then what an undo leaves is exactly what the fold gives without the action.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ActionId, defineSchema, field, type Collection, type History, type Store } from 'ibex-state'
import { connect, createTestStore, offline, online, settle } from 'ibex-state/testing'

const Task = defineSchema('task', {
  title: field.string(),
  note: field.string().optional(),
  due: field.date().optional(),
  votes: field.counter(),
  tags: field.set(field.string()),
  scores: field.map(field.number()),
})

/** What an action did to one item, as far as it made a difference. */
type Effect =
  | { readonly id: string; readonly life: 'create' | 'delete' | 'restore' }
  | { readonly id: string; readonly register: string; readonly value: unknown }
  | { readonly id: string; readonly count: number }
  | { readonly id: string; readonly tag: string; readonly there: boolean }
  | { readonly id: string; readonly key: string; readonly value: number | undefined }

interface Done {
  readonly author: number
  readonly effects: readonly Effect[]
  readonly key: string
  undone: boolean
}

interface Shown {
  title: unknown
  note: unknown
  due: unknown
  votes: number
  tags: Set<string>
  scores: Map<string, number>
}

const IDS = ['a', 'b', 'c']

const edit = fc.record({
  id: fc.constantFrom(...IDS),
  kind: fc.nat(9),
  value: fc.nat(3),
})

const step = fc.record({
  author: fc.nat(1),
  kind: fc.constantFrom('act', 'act', 'act', 'undo', 'undo', 'redo'),
  edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
  settles: fc.boolean(),
})

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Does one thing to an item, if it can be done; answers what became different. */
function perform(
  tasks: Collection<typeof Task>,
  { id, kind, value }: { id: string; kind: number; value: number },
): Effect[] {
  const before = tasks.get(id)
  if (!before) {
    if (tasks.statusOf(id) === 'deleted') {
      if (kind < 6) return []
      tasks.restore(id)
      return [{ id, life: 'restore' }]
    }
    tasks.create({ title: `made ${value}`, tags: ['first'] }, { id })
    return [
      { id, life: 'create' },
      { id, register: 'title', value: `made ${value}` },
      { id, tag: 'first', there: true },
    ]
  }
  switch (kind) {
    case 0:
    case 1: {
      const title = `title ${value}`
      tasks.update(id, { title })
      return before.title === title ? [] : [{ id, register: 'title', value: title }]
    }
    case 2: {
      const note = value === 0 ? undefined : `note ${value}`
      tasks.update(id, { note })
      return before.note === note ? [] : [{ id, register: 'note', value: note }]
    }
    case 3: {
      tasks.update(id, { due: new Date(value) })
      return before.due?.getTime() === value ? [] : [{ id, register: 'due', value }]
    }
    case 4:
      tasks.update(id, (draft) => draft.votes.increment(value + 1))
      return [{ id, count: value + 1 }]
    case 5:
    case 6: {
      const tag = ['first', 'x', 'y', 'z'][value]!
      const there = !before.tags.includes(tag)
      tasks.update(id, (draft) => void (there ? draft.tags.add(tag) : draft.tags.delete(tag)))
      return [{ id, tag, there }]
    }
    case 7:
    case 8: {
      const key = ['k', 'l'][value % 2]!
      const score = kind === 7 ? value : undefined
      if (before.scores[key] === score) return []
      tasks.update(id, (draft) => {
        if (score === undefined) delete draft.scores[key]
        else draft.scores[key] = score
      })
      return [{ id, key, value: score }]
    }
    default:
      tasks.delete(id)
      return [{ id, life: 'delete' }]
  }
}

/** What is seen when only these actions are in effect. What an item was made with stays in it. */
function replay(done: readonly Done[]): Record<string, Shown> {
  const items = new Map<string, Shown & { there: boolean }>()
  for (const { effects, undone } of done) {
    const made = new Set(effects.flatMap((effect) => ('life' in effect && effect.life === 'create' ? effect.id : [])))
    for (const effect of effects) {
      let item = items.get(effect.id)
      if (!item) {
        item = {
          title: undefined,
          note: undefined,
          due: undefined,
          votes: 0,
          tags: new Set(),
          scores: new Map(),
          there: false,
        }
        items.set(effect.id, item)
      }
      if ('life' in effect) {
        if (!undone) item.there = effect.life !== 'delete'
        continue
      }
      if (undone && !made.has(effect.id)) continue
      if ('register' in effect) Object.assign(item, { [effect.register]: effect.value })
      else if ('count' in effect) item.votes += effect.count
      else if ('tag' in effect) {
        if (effect.there) item.tags.add(effect.tag)
        else item.tags.delete(effect.tag)
      } else if (effect.value === undefined) item.scores.delete(effect.key)
      else item.scores.set(effect.key, effect.value)
    }
  }
  const shown: Record<string, Shown> = {}
  for (const id of [...items.keys()].sort()) {
    const { there, ...item } = items.get(id)!
    if (there) shown[id] = item
  }
  return shown
}

function look(tasks: Collection<typeof Task>): Record<string, Shown> {
  const shown: Record<string, Shown> = {}
  for (const id of IDS) {
    const task = tasks.get(id)
    if (!task) continue
    const { title, note, due, votes, tags, scores } = task
    shown[id] = {
      title,
      note,
      due: due?.getTime(),
      votes,
      tags: new Set(tags),
      scores: new Map(Object.entries(scores)),
    }
  }
  return shown
}

let seeds = 5000

async function run(steps: readonly Step[], authors: number): Promise<void> {
  const stores: Store[] = Array.from({ length: authors }, () => createTestStore({ schemas: [Task], seed: ++seeds }))
  if (authors > 1) connect(stores[0]!, stores[1]!)
  await settle()
  const histories: History[] = []
  for (const store of stores) histories.push(await store.history())
  const done: Done[] = []
  let last = 0
  for (const { author: given, kind, edits, settles } of steps) {
    const author = given % authors
    if (author !== last) await settle()
    last = author
    const store = stores[author]!
    const tasks = store.collection(Task)
    const history = histories[author]!
    const stack = history.undoStack()
    if (kind === 'act') {
      const effects = store.transact(() => edits.flatMap((each) => perform(tasks, each)))
      const key = history.timeline({ limit: 1 }).get()[0]?.key
      if (effects.length > 0) done.push({ author, effects, key: key!, undone: false })
    } else {
      const { undoAction, redoAction } = stack.get()
      const action = kind === 'undo' ? undoAction : redoAction
      stack[kind]()
      if (action !== undefined) {
        const { key } = history.entry(action)
        const undone = done.find((each) => each.key === key)!
        expect(undone.author).toBe(author)
        expect(undone.undone).toBe(kind === 'redo')
        // With it goes what has no effect by itself.
        for (const each of done) each.undone = history.entry(each.key as ActionId).undone
        expect(undone.undone).toBe(kind === 'undo')
      }
    }
    expect(look(tasks)).toEqual(replay(done))
    if (settles) await settle()
  }
  await settle()
  for (const store of stores) expect(look(store.collection(Task))).toEqual(replay(done))
  // All the way back, and forth again.
  for (let i = 0; i < authors; i++) {
    const stack = histories[i]!.undoStack()
    let back = 0
    while (stack.get().canRedo) stack.redo()
    const whole = look(stores[i]!.collection(Task))
    for (; stack.get().canUndo; back++) stack.undo()
    if (authors === 1) expect(look(stores[i]!.collection(Task))).toEqual({})
    for (; back > 0; back--) stack.redo()
    expect(look(stores[i]!.collection(Task))).toEqual(whole)
    await settle()
  }
  for (const store of stores) await store.close()
}

/** Whatever two authors do without knowing of each other. */
async function runApart(steps: readonly Step[]): Promise<void> {
  const stores = [0, 1].map(() => createTestStore({ schemas: [Task], seed: ++seeds }))
  connect(stores[0]!, stores[1]!)
  await settle()
  for (const id of IDS) stores[0]!.collection(Task).create({ title: 'one', tags: ['first'] }, { id })
  await settle()
  const histories: History[] = []
  for (const store of stores) histories.push(await store.history())
  for (const { author, kind, edits, settles } of steps) {
    const store = stores[author]!
    const tasks = store.collection(Task)
    if (kind === 'act') store.transact(() => edits.flatMap((each) => perform(tasks, each)))
    else histories[author]!.undoStack()[kind]()
    if (settles) await settle()
    if (edits[0]!.value === 3) (edits[0]!.kind < 5 ? offline : online)(stores[0]!)
  }
  online(stores[0]!)
  await settle(5000)
  const [ada, lin] = stores.map((store) => store.collection(Task))
  expect(look(ada!)).toEqual(look(lin!))

  const history = histories[0]!
  const stack = history.undoStack()
  const me = history.timeline().slice(0, 1)[0]!.by
  for (let back = 0; stack.get().canUndo; back++) {
    const before = look(ada!)
    const blames = new Map(IDS.map((id) => [id, history.blame(Task, id)]))
    stack.undo()
    const undone = look(ada!)
    for (const id of IDS) {
      if (!before[id] || !undone[id]) continue
      for (const name of ['title', 'note', 'due'] as const) {
        const blame = blames.get(id)![name]
        if (!blame || blame.by === me) continue
        // Whoever undid it does not hold on to it.
        const { undone: given, undoes, redoes } = history.entry(blame.action!)
        if (!given && undoes === undefined && redoes === undefined) expect(undone[id][name]).toEqual(before[id][name])
      }
    }
    stack.redo()
    expect(look(ada!)).toEqual(before)
    stack.undo()
    expect(look(ada!)).toEqual(undone)
    if (back % 2) await settle()
  }
  await settle()
  expect(look(ada!)).toEqual(look(lin!))
  for (const store of stores) await store.close()
}

const RUNS = Number(process.env['UNDO_RUNS'] ?? 60)

describe('what an undo leaves is what the fold gives without the action', () => {
  test('alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => run(steps, 1)),
      { numRuns: RUNS },
    )
  })

  test('with another author who does the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 24 }), (steps) => run(steps, 2)),
      { numRuns: RUNS },
    )
  })
})

test('of authors apart: all come to the same, a redo gives back what an undo took, and what others wrote later stays', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), runApart), { numRuns: RUNS })
})
