/** Authors who edit items of a schema as stores do, and see each other's commits now and then. */
import type { CommitId, ItemId, SessionId } from '../../src/ids.js'
import { accept, chunkOf, foldAccepted, foldPending, openPending, settlePending } from '../../src/history/fold.js'
import { RepositoryState } from '../../src/history/state.js'
import { existence } from '../../src/item/fields/existence.js'
import { pendingOrigin } from '../../src/item/origin.js'
import { recordCreate, recordExistence, recordPatch } from '../../src/item/record.js'
import { recordDraft } from '../../src/item/draft.js'
import { checkCreate } from '../../src/schema/check.js'
import type { AnySchema } from '../../src/schema/schema.js'
import { compareStrings } from '../../src/value/order.js'
import type { StagedCommit } from './past.js'

interface Author {
  readonly session: SessionId
  readonly state: RepositoryState
  readonly seen: Set<number>
}

export interface FleetOptions {
  readonly schema: AnySchema
  readonly random: () => number
  readonly commits: number
  readonly items: number
  readonly authors?: number
  /** Values for some fields of a new or edited item, without counters for the latter. */
  fields(): Record<string, unknown>
}

/** Commits, parents first. */
export function fleetCommits({
  schema,
  random,
  commits,
  items,
  fields,
  authors: many = 2,
}: FleetOptions): StagedCommit[] {
  const int = (n: number): number => Math.floor(random() * n)
  const authors = Array.from({ length: many }, (_, i): Author => ({
    session: `${i + 1}${i + 1}`.repeat(16) as SessionId,
    state: new RepositoryState(),
    seen: new Set(),
  }))
  const all: StagedCommit[] = []
  const counters = schema.names.filter((name) => schema.fields[name]!.merge === 'counter')

  const see = (author: Author): void => {
    all.forEach((commit, n) => {
      if (author.seen.has(n)) return
      author.seen.add(n)
      foldAccepted(author.state, commit, commit.chunkList)
    })
  }

  while (all.length < commits) {
    const author = authors[int(many)]!
    if (random() < 0.5) see(author)
    const { state, session, seen } = author
    const parents = [...seen].filter((n) => ![...seen].some((other) => all[other]!.parents.includes(n)))
    const ms = Math.max(0, ...parents.map((n) => all[n]!.header.time.ms)) + 1 + int(2)
    const pending = openPending(pendingOrigin(session, ms))
    const count = 1 + int(3)
    for (let action = 0; action < count; action++) {
      for (let edits = 1 + int(2); edits > 0; edits--) {
        const id = `i${int(items)}` as ItemId
        const item = state.get(schema.name, id)
        const how = existence(item)
        const data = fields()
        let changes
        if (how === 'missing') changes = recordCreate(schema, checkCreate(schema, { title: 'new', ...data }), action)
        else if (how === 'deleted') changes = random() < 0.5 ? recordExistence('restore', action) : []
        else if (random() < 0.15) changes = recordExistence('delete', action)
        else if (random() < 0.3) {
          changes = recordDraft(
            schema,
            item!,
            (draft) =>
              counters.forEach((name) =>
                (draft as never as Record<string, { increment(by: number): void }>)[name]!.increment(1 + int(3)),
              ),
            action,
          )
        } else {
          for (const name of counters) delete data[name]
          changes = recordPatch(schema, item!, data, action)
        }
        if (changes.length > 0) foldPending(pending, state.open(schema.name, id), schema.version, changes)
      }
    }
    const chunkList = pending.parts.map(chunkOf).sort((a, b) => compareStrings(a.item, b.item))
    if (chunkList.length === 0) continue
    const id = (
      int(2 ** 30)
        .toString(16)
        .padStart(8, '0') + all.length.toString(16).padStart(8, '0')
    ).repeat(4) as CommitId
    settlePending(state, pending, { ms, counter: 0 }, id)
    accept(state, id)
    seen.add(all.length)
    all.push({
      id,
      header: { time: { ms, counter: 0 }, session },
      actions: Array.from({ length: count }, (_, i) => ({ offset: i * 10 })),
      chunks: [],
      parents,
      chunkList,
    })
  }
  return all
}
