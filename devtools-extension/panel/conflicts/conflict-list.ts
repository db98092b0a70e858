/**
 * Every undecided conflict of a repository. A history answers for one item at a time: so all are asked once, in slices, and
 * later those that something was done to.
 */
import type { AnySchema, Conflict } from '../../../src/index.js'
import { createCell, type Live } from '../../../src/inspect/live.js'
import type { Open } from '../state/repository-session.js'

/** Milliseconds that a slice takes. */
const SLICE_MS = 6

export interface FoundConflict {
  readonly key: string
  readonly schema: string
  readonly id: string
  readonly conflict: Conflict
}

export interface ConflictList {
  /** The newest first. */
  readonly found: readonly FoundConflict[]
  /** All items have been looked at. */
  readonly complete: boolean
}

export interface ConflictSearch {
  readonly list: Live<ConflictList>
  /** Looks, and goes on looking, until what is returned is called. */
  begin(): () => void
}

interface Target {
  readonly schema: AnySchema
  readonly id: string
}

export function searchConflicts({ history, data, schemas, actions }: Open, path: string): ConflictSearch {
  const found = new Map<string, readonly FoundConflict[]>()
  const list = createCell<ConflictList>({ found: [], complete: false })
  const queue: Target[] = []
  let seen = actions.count
  let last = keyAt(seen - 1)
  let running = false
  let on = false

  function keyAt(place: number): string | undefined {
    return actions.slice(Math.max(0, place), place + 1)[0]?.key
  }

  /** Every item, once. */
  function lookAtAll(): void {
    queue.length = 0
    for (const schema of schemas) {
      for (const id of data.collection(schema, { in: path }).query().ids()) queue.push({ schema, id })
    }
  }

  function look({ schema, id }: Target): void {
    const key = `${schema.name}/${id}`
    const conflicts = history.conflicts(schema, id)
    if (conflicts.length === 0) found.delete(key)
    else {
      const named = conflicts.map((conflict) => ({
        key: `${key}/${conflict.field}/${conflict.key ?? ''}`,
        schema: schema.name,
        id,
        conflict,
      }))
      found.set(key, named)
    }
  }

  async function run(): Promise<void> {
    if (running) return
    running = true
    while (on) {
      const end = performance.now() + SLICE_MS
      while (queue.length > 0 && performance.now() < end) look(queue.pop()!)
      const all = [...found.values()].flat()
      all.sort((a, b) => b.conflict.by.at - a.conflict.by.at)
      list.set({ found: all, complete: queue.length === 0 })
      if (queue.length === 0) break
      await new Promise((resolve) => setTimeout(resolve))
    }
    running = false
  }

  /** Whatever was decided, and whatever the newest actions have touched. */
  function lookAgain(): void {
    // What somebody wrote a while ago, and has sent only now, stands among older actions.
    const isOlder = keyAt(seen - 1) !== last
    if (isOlder) lookAtAll()
    const again = new Map<string, Target>()
    const add = (name: string, id: string): void => {
      const schema = schemas.find((each) => each.name === name)
      if (schema) again.set(`${name}/${id}`, { schema, id })
    }
    for (const { schema, id } of list.get().found) add(schema, id)
    const from = Math.max(0, Math.min(seen, actions.count) - 100)
    for (const { items } of actions.slice(from, actions.count)) for (const { schema, id } of items) add(schema, id)
    seen = actions.count
    last = keyAt(seen - 1)
    queue.push(...again.values())
    void run()
  }

  return {
    list,
    begin() {
      on = true
      lookAtAll()
      const unsubscribe = history.subscribe(lookAgain)
      void run()
      return () => {
        on = false
        queue.length = 0
        unsubscribe()
      }
    },
  }
}
