/** A library with tasks in it, and the model beside. */
import type { Items } from './peer.js'
import { loadPeer } from './question.js'
import { type Edit, makeTasks, Model, requireSame, seeded } from './tasks.js'

export interface Loaded {
  readonly items: Items
  readonly model: Model
  /** Names of the tasks, by their numbers. */
  readonly ids: readonly string[]
  readonly numberOf: ReadonlyMap<string, number>
  readonly below: (limit: number) => number
  /** Edits a task; the model follows in {@link catchUp}, so that its work is not counted. */
  edit(index: number, edit: Edit): void | Promise<void>
  catchUp(): void
  /** Lets listeners be told that are told later, and what is pending become commits. */
  settle(): Promise<void>
}

/** Opens a library's collection with so many tasks. */
export async function load(name: string, options: { readonly size: number; readonly log?: boolean }): Promise<Loaded> {
  const peer = await loadPeer(name)
  const items = await peer.open({ log: options.log ?? false })
  const tasks = makeTasks(options.size)
  const ids = options.size > 0 ? await items.createMany(tasks) : []
  await items.told?.()
  await items.flush?.()
  const model = new Model(tasks)
  const { told } = items
  const update = told
    ? async (id: string, edit: Edit): Promise<void> => {
        await items.update(id, edit)
        await told()
      }
    : items.update
  const indexes: number[] = []
  const edits: Edit[] = []
  return {
    items,
    model,
    ids,
    numberOf: new Map(ids.map((id, index) => [id, index])),
    below: seeded(options.size),
    edit(index, edit) {
      indexes.push(index)
      edits.push(edit)
      return update(ids[index]!, edit)
    },
    catchUp() {
      for (let i = 0; i < edits.length; i++) model.edit(indexes[i]!, edits[i]!)
      indexes.length = edits.length = 0
    },
    async settle() {
      await told?.()
      await items.flush?.()
    },
  }
}

/** Throws unless the library says of these tasks what the model says. */
export async function checkTitles({ items, ids, model }: Loaded, numbers: Iterable<number>): Promise<void> {
  for (const number of numbers) requireSame('a title', await items.title(ids[number]!), model.tasks[number]!.title)
}
