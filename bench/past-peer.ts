/** What a library must do to be asked about the past. Adapters follow the library's own documentation, and do nothing clever. */
import { Model, makeTasks, seeded, type Edit, type Task } from './tasks.js'

/** One commit of a history: many items made, or one field or two of an item written. */
export type Step = { readonly create: readonly Task[] } | { readonly index: number; readonly edits: readonly Edit[] }

export interface LongPast {
  readonly tasks: readonly Task[]
  readonly steps: readonly Step[]
  /** Numbers of steps after which one looks; ascending, each once. */
  readonly moments: readonly number[]
}

/** A history in the past, as the libraries have it. */
export interface Past {
  /** Shows the state after the moment of that place, and answers the window of the query and the titles of visible items. */
  seek(moment: number): Seen
  /** One field of an item at a moment. */
  title(moment: number, id: string): string | undefined
  /** Every item at a moment; how many there are. */
  whole(moment: number): number
  /** The same as {@link seek} one commit further, or back; missing where a library has no cheaper way than to seek. */
  step?(by: 1 | -1): Seen
  /** Checks an answer against what this library itself has at hand; missing where the model is enough. */
  check?(moment: number, seen: Seen): void
  close(): void | Promise<void>
}

export interface Seen {
  readonly window: readonly string[]
  readonly titles: readonly (string | undefined)[]
}

export interface PastPeer {
  /** Goes through the history, and remembers its moments. `visible`: the items that are looked at. */
  open(past: LongPast, visible: readonly string[]): Past | Promise<Past>
}

/** So many items are made by one of the first commits. */
const BULK = 100

/** Items that are edited again and again: a title two times of three, otherwise two other fields. */
export function makePast(items: number, commits: number, looks: number): LongPast {
  const below = seeded(items + commits)
  const tasks = makeTasks(items)
  const steps: Step[] = []
  for (let from = 0; from < items; from += BULK) steps.push({ create: tasks.slice(from, from + BULK) })
  for (let count = steps.length; count < commits; count++) {
    const index = below(items)
    const edits: Edit[] =
      below(3) > 0
        ? [{ title: `title ${count} of ${tasks[index]!.id}` }]
        : [{ done: below(2) === 0 }, { updatedAt: 1_700_000_000_000 + count * 1000 }]
    steps.push({ index, edits })
  }
  const moments = new Set<number>()
  while (moments.size < looks) moments.add(1 + below(steps.length))
  return { tasks, steps, moments: [...moments].sort((a, b) => a - b) }
}

/** What is to be seen after so many steps. */
export function modelAt({ tasks, steps }: LongPast, moment: number, visible: readonly string[]): Seen {
  const made: Task[] = []
  const model = new Model([])
  for (const step of steps.slice(0, moment)) {
    if ('create' in step) made.push(...step.create)
  }
  model.tasks.push(...made)
  for (const step of steps.slice(0, moment)) {
    if ('index' in step) for (const edit of step.edits) model.edit(step.index, edit)
  }
  const byId = new Map(model.tasks.map((task) => [task.id, task]))
  return {
    window: model.window().map((index) => tasks[index]!.id),
    titles: visible.map((id) => byId.get(id)?.title),
  }
}

export async function loadPast(name: string): Promise<PastPeer> {
  const file = new URL(`past/${name}.js`, import.meta.url).href
  return ((await import(file)) as { readonly peer: PastPeer }).peer
}
