/** One repository's state with a schema, for tests that edit it as a store would. */
import type { CommitId, ItemId, SessionId } from '../../src/ids.js'
import { requireRepositoryPath } from '../../src/ids.js'
import { accept, foldPending, openPending, settlePending } from '../../src/history/fold.js'
import type { Provisional } from '../../src/history/state.js'
import { RepositoryState } from '../../src/history/state.js'
import type { Change } from '../../src/item/change.js'
import { recordDraft } from '../../src/item/draft.js'
import { pendingOrigin } from '../../src/item/origin.js'
import { recordCreate, recordExistence, recordPatch } from '../../src/item/record.js'
import type { SnapshotBuilder } from '../../src/item/snapshot.js'
import { createSnapshotBuilder, snapshotOf } from '../../src/item/snapshot.js'
import type { Item } from '../../src/item/state.js'
import { checkCreate } from '../../src/schema/check.js'
import type { AnySchema, CreateInput, Draft, Patch, Snapshot } from '../../src/schema/schema.js'

export const AUTHOR = 'a1'.repeat(16) as SessionId

/** Edits are pending until {@link commit}, which makes them a commit, accepted at once. */
export class Workbench<S extends AnySchema> {
  readonly schema: S
  readonly state: RepositoryState = new RepositoryState()
  readonly builder: SnapshotBuilder
  private pending: Provisional
  private clock = 1000

  constructor(schema: S) {
    this.schema = schema
    this.builder = createSnapshotBuilder(schema, requireRepositoryPath('/data/main'), (session) => `user of ${session}`)
    this.pending = openPending(pendingOrigin(AUTHOR, this.clock))
  }

  item(id: string): Item {
    const item = this.state.get(this.schema.name, id as ItemId)
    if (!item) throw new Error(`There is no ${id}.`)
    return item
  }

  snapshot(id: string): Snapshot<S> | undefined {
    return snapshotOf(this.item(id), this.builder) as Snapshot<S> | undefined
  }

  create(id: string, input: CreateInput<S>): Change[] {
    return this.write(id, recordCreate(this.schema, checkCreate(this.schema, input)))
  }

  update(id: string, patch: Patch<S>): Change[] {
    return this.write(id, recordPatch(this.schema, this.item(id), patch))
  }

  edit(id: string, edit: (draft: Draft<S>) => unknown): Change[] {
    return this.write(id, recordDraft(this.schema, this.item(id), edit))
  }

  exist(id: string, tag: 'delete' | 'restore'): Change[] {
    return this.write(id, recordExistence(tag))
  }

  write(id: string, changes: Change[]): Change[] {
    if (changes.length > 0)
      foldPending(this.pending, this.state.open(this.schema.name, id as ItemId), this.schema.version, changes)
    return changes
  }

  /** `later`: how many milliseconds after the edit the commit is dated. */
  commit(later: number = 0): void {
    this.clock += later
    const id = this.clock.toString(16).padStart(64, '0') as CommitId
    settlePending(this.state, this.pending, { ms: this.clock, counter: 0 }, id)
    accept(this.state, id)
    this.pending = openPending(pendingOrigin(AUTHOR, ++this.clock))
  }
}
