/** The door `ibex-state`: schemas, stores, and what an app says to its server. */
export { IbexError, type IbexErrorCode, type Issue } from './errors.js'
export { field, type ElementField, type Field, type RequiredField } from './schema/field.js'
export {
  defineSchema,
  type AnySchema,
  type AnySnapshot,
  type CreateInput,
  type Draft,
  type DraftCounter,
  type DraftSet,
  type Patch,
  type Schema,
  type SchemaOptions,
  type Snapshot,
} from './schema/schema.js'

export type { OrderBy, QueryInput, View, Where } from './query/query.js'
export { createStore } from './store/create-store.js'
export type { StoreOptions } from './store/options.js'
export type { Collection, Edit, ItemStatus, Write } from './store/collection-face.js'
export type {
  Connection,
  HistoryStatus,
  Problem,
  RejectedChange,
  Rejection,
  Status,
  Store,
  StoreExport,
} from './store/face.js'
export type { FieldChange } from './history/changes.js'
export type { Standing } from './history/deed.js'
export type { ActionId, Moment } from './history/moment.js'
export type { Redact, StoredValue } from './history/redact.js'
export type { Fault } from './history/verify.js'
export type {
  BisectOptions,
  Bisection,
  Blame,
  BlameOf,
  CommitSummary,
  Commits,
  Conflict,
  DiffOptions,
  EntryKind,
  FieldBlame,
  History,
  ItemDifference,
  LongOptions,
  LosingValue,
  Past,
  Place,
  Playback,
  PlaybackOptions,
  RevertOptions,
  Timeline,
  TimelineEntry,
  TimelineFilter,
  TouchedItem,
  UndoOptions,
  UndoStack,
  UndoState,
  Verification,
} from './store/history/face.js'
export type { RecordOptions, RecordRange } from './store/record-face.js'
export type { PagePort, StorePorts } from './store/ports.js'
export { defineConfig, rule } from './repository/rules.js'
export type { Asker, Config, ReadRequest, Rule, Verdict, WriteRequest } from './repository/rules.js'
export type { Clock, Random, Scheduler, TimerHandle } from './ports.js'
