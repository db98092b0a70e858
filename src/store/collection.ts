/** A collection: checks what the app wants to write, and has the repository do it. */
import { IbexError } from '../errors.js'
import { type ItemId, requireItemId } from '../ids.js'
import type { Change } from '../item/change.js'
import { type DraftFunction, recordDraft } from '../item/draft.js'
import { recordCreate, recordExistence, recordPatch } from '../item/record.js'
import { existence } from '../item/fields/existence.js'
import type { Item } from '../item/state.js'
import { canonicalQuery } from '../query/canonical.js'
import type { QueryInput, View } from '../query/query.js'
import type { Repository } from '../repository/repository.js'
import type { Table } from '../repository/table.js'
import type { FlushWindow } from '../repository/window.js'
import { checkCreate, refuseEvent } from '../schema/check.js'
import type { AnySchema, CreateInput, Snapshot } from '../schema/schema.js'
import type { Unsubscribe } from '../signal.js'
import type { Collection, Edit, ItemStatus, Write } from './collection-face.js'

/** What a collection asks of its store. */
export interface CollectionContext {
  newItemId(): ItemId
  /** Resolves when a window has come that far, and hurries it there. */
  wait(repository: Repository, window: FlushWindow, level: 'local' | 'server'): Promise<void>
  /** Whether what is missing is known to be missing. */
  isReady(): boolean
  /** Opens the repository, if it is not open. */
  touch(): void
}

/** The collection of a schema in a repository. Throws `unknown-schema`. */
export function createCollection<S extends AnySchema>(
  schema: S,
  repository: Repository,
  context: CollectionContext,
): Collection<S> {
  const table: Table = repository.table(schema)
  const sets = schema.names.filter((name) => schema.fields[name]!.merge === 'set')
  type Row = Snapshot<S>

  function find(id: string): Item | undefined {
    // What is there has a proper id.
    return repository.state.get(schema.name, id as ItemId) ?? (requireItemId(id), undefined)
  }

  function requireItem(id: string, present = true): Item {
    const item = find(id)
    if (item && existence(item) === 'present') return item
    if (item && !present && existence(item) === 'deleted') return item
    if (!item) refuseOtherSchema(requireItemId(id))
    const why = item && existence(item) === 'deleted' ? 'was deleted; restore() brings it back' : 'does not exist'
    throw new IbexError('item-missing', `The ${schema.name} '${id}' ${why}.`)
  }

  function refuseOtherSchema(id: ItemId): void {
    const other = repository.state.find(id)
    if (!other || other.layout.schema === schema.name || existence(other) === 'missing') return
    throw new IbexError('wrong-schema', `The item '${id}' is a ${other.layout.schema}, not a ${schema.name}.`)
  }

  function write(item: Item, changes: Change[]): Write {
    // Nothing to do is done already.
    if (changes.length === 0) return DONE
    const window = repository.write(item.id, schema, changes, item)
    return { wait: (level) => context.wait(repository, window, level) }
  }

  return {
    schema,
    path: repository.path,
    get(id) {
      const found = table.get(id as ItemId)
      // What is there has a proper id, and its repository was opened.
      if (found === undefined) {
        requireItemId(id)
        context.touch()
      }
      return found as Row | undefined
    },
    require(id) {
      requireItem(id)
      return table.require(requireItemId(id)) as Row
    },
    create(data, options = {}) {
      refuseEvent(data, 'create()')
      const changes = recordCreate(schema, checkCreate(schema, data))
      const id = options.id === undefined ? context.newItemId() : requireItemId(options.id)
      if (options.id !== undefined) {
        refuseOtherSchema(id)
        const item = find(id)
        if (item && existence(item) !== 'missing') {
          const hint = existence(item) === 'deleted' ? ' and was deleted; restore() brings it back' : ''
          throw new IbexError('item-exists', `There is a ${schema.name} '${id}' already${hint}.`)
        }
      }
      repository.write(id, schema, changes)
      return table.require(id) as Row
    },
    createMany(data: readonly CreateInput<S>[]) {
      refuseEvent(data, 'createMany([...])')
      const items = data.map((one) => ({
        id: context.newItemId(),
        schema,
        changes: recordCreate(schema, checkCreate(schema, one)),
      }))
      repository.writeMany(items)
      return items.map(({ id }) => table.require(id) as Row)
    },
    update(id, edit: Edit<S>) {
      const item = requireItem(id)
      // Only what is taken out of a set must be named by its commit.
      for (const name of sets) if (typeof edit === 'function' || Object(edit)[name]) repository.settleItem(item)
      return write(
        item,
        typeof edit === 'function'
          ? recordDraft(schema, item, edit as DraftFunction<S>)
          : recordPatch(schema, item, edit),
      )
    },
    delete(id) {
      const item = requireItem(id)
      return write(item, recordExistence('delete'))
    },
    restore(id) {
      const item = requireItem(id, false)
      if (existence(item) === 'present') return DONE
      return write(item, recordExistence('restore'))
    },
    query: (query?: QueryInput<S>) => (
      context.touch(),
      table.queries.open(canonicalQuery(schema, query ?? {})) as unknown as View<Row>
    ),
    subscribe: (id: string, listener: () => void): Unsubscribe => (
      context.touch(),
      table.subscribe(requireItemId(id), listener)
    ),
    statusOf(id): ItemStatus {
      const item = find(id)
      const how = item ? existence(item) : 'missing'
      if (how === 'present') return table.get(requireItemId(id)) ? 'ready' : 'missing'
      return how === 'missing' && !context.isReady() ? 'loading' : how
    },
  }
}

const DONE: Write = Object.freeze({ wait: () => Promise.resolve() })
