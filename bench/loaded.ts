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
  /** Edits task and model. */
  edit(index: number, edit: Edit): void | Promise<void>
  /** Edits the task alone; the caller tells the model. */
  update(id: string, edit: Edit): void | Promise<void>
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
  return {
    items,
    model,
    ids,
    numberOf: new Map(ids.map((id, index) => [id, index])),
    below: seeded(options.size),
    edit(index, edit) {
      model.edit(index, edit)
      return update(ids[index]!, edit)
    },
    update,
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
