/** Does in the page what a panel asks for. Arguments come from outside: each command checks its own. */
import { IbexError } from '../errors.js'
import type { ActionId } from '../history/moment.js'
import { type CommitId, type RepositoryPath, requireRepositoryPath } from '../ids.js'
import type { Change, Chunk } from '../item/change.js'
import { checkPatch } from '../schema/check.js'
import type { AnySchema, DraftCounter, Patch } from '../schema/schema.js'
import type { History } from '../store/history/face.js'
import type { Opened } from '../store/replica-options.js'
import { writeAnew } from '../store/status.js'
import { isBytes, isPlainObject, type Value } from '../value/value.js'
import type { Exposed } from './exposed.js'
import { exportStore, importStore, MAX_IMPORT_BYTES } from './backup.js'
import { type CommandAnswer, type CommandName, DEVTOOLS_LABEL, MAX_FAULTS, PART_BYTES } from './channel.js'
import { readersOf } from './components.js'
import type { Driving } from './driving.js'
import { type Highlight, highlight } from './highlight.js'
import { GOOD_CONDITIONS } from './lines.js'
import type { QueryMeter } from './meter.js'

/** What commands need besides the store. */
export interface Workshop extends Exposed {
  readonly driving: Driving
  readonly meter: QueryMeter
}

/** Arguments of a command that nobody has looked at. */
type Args = { readonly [name: string]: Value | undefined }
type Command<Name extends CommandName> = (args: Args) => Promise<CommandAnswer<Name>> | CommandAnswer<Name>

/** Exports that were made and not yet fetched. */
const MAX_EXPORTS = 2

/** Identity: one for each store that is looked into. */
export class CommandRunner {
  private readonly workshop: Workshop
  private readonly exports = new Map<number, Uint8Array>()
  private readonly imports = new Map<number, { parts: Uint8Array[]; bytes: number }>()
  private exported = 0
  private shown: Highlight | undefined
  /** Whether the network is cut because a panel wanted it. */
  private cut = false

  constructor(workshop: Workshop) {
    this.workshop = workshop
  }

  /** Throws what is wrong with the arguments, and what the store says against it. */
  async run(name: string, args: Value): Promise<Value> {
    const command = Object.hasOwn(this.commands, name) ? this.commands[name as CommandName] : undefined
    if (!command)
      throw new IbexError('bad-option', `This page knows no command '${name}'. Update ibex-state in the app.`)
    return (await command(isPlainObject(args) ? args : {})) as Value
  }

  /** The last panel is gone: what it made of the page for a while is undone. */
  leave(): void {
    this.exports.clear()
    this.imports.clear()
    this.shown?.remove()
    this.shown = undefined
    this.workshop.meter.onNotified = () => {}
    this.workshop.driving.stop()
    this.workshop.lines.impose(GOOD_CONDITIONS)
    if (this.cut) this.workshop.face.setOffline(false)
    this.cut = false
  }

  private readonly commands: { readonly [Name in CommandName]: Command<Name> } = {
    setOffline: ({ offline }) => {
      const { store, face } = this.workshop
      const cut = requireBoolean(offline, 'offline')
      // What the app has cut is not for a panel to join again when it goes.
      this.cut = cut && (this.cut || !store.offline)
      face.setOffline(cut)
      return null
    },
    setConditions: ({ delay, loss }) => {
      this.workshop.lines.impose({
        delay: requireNumber(delay, 'delay', 60_000),
        loss: requireNumber(loss, 'loss', 1),
      })
      return null
    },
    drive: ({ repository, moment, time }) => {
      const wanted = moment === null ? null : requireText(moment, 'moment')
      const when = time === undefined ? undefined : requireNumber(time, 'time')
      this.workshop.driving.drive(this.requireOpen(repository), wanted, when)
      return null
    },
    edit: ({ repository, schema, item, patch }) => {
      this.requireUnmasked()
      if (!isPlainObject(patch)) throw wrong('patch', 'an object')
      const { store } = this.workshop
      const name = requireText(schema, 'schema')
      const known = requireSchema(store.schemas, name)
      const path = this.requireOpen(repository)
      const id = requireText(item, 'item')
      store.transact(() => edit(store.collection(known, { in: path }), known, id, patch as Args), {
        label: DEVTOOLS_LABEL,
        in: path,
      })
      return null
    },
    revert: async ({ repository, actions, moment }) => {
      const label = DEVTOOLS_LABEL
      await this.withHistory(repository, (history) => {
        if (Array.isArray(actions)) history.revert((actions as Value[]).map(requireActionId), { label })
        else history.revertTo(history.moment(requireText(moment, 'moment')), { label })
      })
      return null
    },
    verify: ({ repository }) =>
      this.withHistory(repository, async (history) => {
        const { ok, commits, sealed, faults } = await history.verify()
        return { ok, commits, sealed, faults: faults.slice(0, MAX_FAULTS).map((fault) => ({ ...fault })) }
      }),
    retryRejection: (args) => {
      this.writeAnew(args, (chunks) => chunks)
      return null
    },
    retryEdited: (args) => {
      this.requireUnmasked()
      const { edits } = args
      if (!Array.isArray(edits)) throw wrong('edits', 'a list')
      const { schemas } = this.workshop.store
      this.writeAnew(args, (chunks) =>
        (edits as Value[]).reduce((before, each) => replace(before, schemas, each), chunks),
      )
      return null
    },
    discardRejection: (args) => {
      const { opened, id } = this.refused(args)
      opened.journal.verdicts.settle(id)
      return null
    },
    export: async () => {
      if (this.workshop.redact) {
        throw new IbexError(
          'forbidden',
          'This store masks values before they leave the page, and an export holds them all.',
        )
      }
      return this.keep(await exportStore(this.workshop.store))
    },
    record: async ({ repository, from, to, title }) => {
      if (this.workshop.redact) {
        throw new IbexError(
          'forbidden',
          'This store masks values before they leave the page, and a recording holds them.',
        )
      }
      const path = requireText(repository, 'repository')
      const range = await this.withHistory(repository, (history) => {
        const end = (moment: Value | undefined, name: string) =>
          moment === null || moment === undefined ? undefined : history.moment(requireText(moment, name))
        return { from: end(from, 'from'), to: end(to, 'to') }
      })
      return this.keep(await this.workshop.store.record(range, { in: path, title: requireText(title, 'title') }))
    },
    exportPart: ({ export: number, from }) => {
      const bytes = this.exports.get(requireNumber(number, 'export'))
      if (!bytes) throw wrong('export', 'one that was made lately')
      const start = requireNumber(from, 'from')
      const part = bytes.slice(start, start + PART_BYTES)
      if (start + part.length >= bytes.length) this.exports.delete(number as number)
      return part
    },
    importPart: ({ import: number, bytes }) => {
      const given = requireNumber(number, 'import')
      if (!isBytes(bytes)) throw wrong('bytes', 'bytes')
      let growing = this.imports.get(given)
      if (!growing) {
        this.imports.clear()
        this.imports.set(given, (growing = { parts: [], bytes: 0 }))
      }
      growing.bytes += bytes.length
      if (growing.bytes > MAX_IMPORT_BYTES) {
        this.imports.delete(given)
        throw new IbexError('too-large', `An import holds at most ${MAX_IMPORT_BYTES / 1024 / 1024} MB.`)
      }
      growing.parts.push(bytes)
      return null
    },
    import: async ({ import: number }) => {
      const given = requireNumber(number, 'import')
      const growing = this.imports.get(given)
      if (!growing) throw wrong('import', 'one of which all parts were given')
      this.imports.delete(given)
      const whole = new Uint8Array(growing.bytes)
      let at = 0
      for (const part of growing.parts) {
        whole.set(part, at)
        at += part.length
      }
      return importStore(this.workshop.store, whole)
    },
    clear: async ({ confirm }) => {
      const { store, face } = this.workshop
      if (confirm !== store.name) throw wrong('confirm', `the store's name, '${store.name}'`)
      await face.reset()
      return null
    },
    highlight: ({ query }) => {
      this.shown?.remove()
      this.shown = undefined
      this.workshop.meter.onNotified = () => {}
      if (query === null || query === undefined) return null
      const view = this.view(query)
      const shown = highlight(view)
      this.shown = shown
      this.workshop.meter.onNotified = (notified) => {
        if (notified === view) shown.flash()
      }
      return null
    },
    components: ({ query }) => readersOf(this.view(query)).map(({ name }) => name),
    sourceOf: ({ commit, action }) =>
      this.workshop.sources.find(requireText(commit, 'commit'), requireNumber(action, 'action')),
  }

  /** A repository that the app has opened: none is opened for a panel. */
  private requireOpen(given: Value | undefined): RepositoryPath {
    const path = requireRepositoryPath(requireText(given, 'repository'))
    if (this.workshop.store.slots.get(path)?.opened) return path
    throw new IbexError('not-ready', `The app has not opened ${path}.`)
  }

  private async withHistory<T>(given: Value | undefined, use: (history: History) => T | Promise<T>): Promise<T> {
    const history = await this.workshop.face.history({ in: this.requireOpen(given) })
    try {
      return await use(history)
    } finally {
      history.close()
    }
  }

  /** Until all its parts were fetched, or newer ones were made. */
  private keep(bytes: Uint8Array): { export: number; bytes: number } {
    const number = ++this.exported
    this.exports.set(number, bytes)
    for (const oldest of this.exports.keys()) if (this.exports.size > MAX_EXPORTS) this.exports.delete(oldest)
    return { export: number, bytes: bytes.length }
  }

  private view(query: Value | undefined): NonNullable<ReturnType<QueryMeter['find']>> {
    const view = this.workshop.meter.find(requireText(query, 'query'))
    if (!view) throw wrong('query', 'one that is alive')
    return view
  }

  private refused({ repository, commit }: Args): { opened: Opened; id: CommitId; chunks: readonly Chunk[] } {
    const { opened } = this.workshop.store.slots.get(this.requireOpen(repository))!
    const found = opened!.journal.verdicts.refusals.get(requireText(commit, 'commit') as CommitId)
    if (!found) throw wrong('commit', 'one that was refused and not yet dealt with')
    return { opened: opened!, ...found }
  }

  /**
   * Its label says that it was done here, and not what the app had called it: the action is not the app's, many of which may
   * have been in the commit, and of which a refusal keeps no more than the changes.
   */
  private writeAnew(args: Args, edit: (chunks: readonly Chunk[]) => readonly Chunk[]): void {
    const { opened, id, chunks } = this.refused(args)
    writeAnew(opened, id, edit(chunks), DEVTOOLS_LABEL)
  }

  /** A panel that begins from what it is shown would write masks in the places of what they hide. */
  private requireUnmasked(): void {
    if (!this.workshop.redact) return
    throw new IbexError(
      'forbidden',
      'This store masks values before they leave the page, and what was made of masks is not written.',
    )
  }
}

type Collection = ReturnType<Exposed['store']['collection']>

/** Sets fields to what they shall be, whatever their kind: a counter by the difference. */
function edit(collection: Collection, schema: AnySchema, id: string, patch: Args): void {
  const counters = Object.keys(patch).filter((field) => schema.fields[field]?.merge === 'counter')
  for (const field of counters) {
    const target = patch[field]
    if (!Number.isSafeInteger(target)) throw wrong(field, 'a whole number')
    collection.update(id, (draft) => {
      const counter = (draft as unknown as { readonly [name: string]: DraftCounter })[field]!
      counter.increment((target as number) - counter.value)
    })
  }
  const rest = Object.entries(patch).filter(([field]) => !counters.includes(field))
  if (rest.length === 0) return
  const values = rest.map(([field, value]) => [field, appValue(schema, field, value)])
  collection.update(id, Object.fromEntries(values) as Patch<AnySchema>)
}

/** What was refused, with another value wherever a field of an item was set: the last of them counts. */
function replace(chunks: readonly Chunk[], schemas: readonly AnySchema[], edit: Value): readonly Chunk[] {
  if (!isPlainObject(edit)) throw wrong('edits', 'a list of objects')
  const { schema, item, field, value } = edit as Args
  if (value === undefined) throw wrong('value', 'there: null is none')
  const known = requireSchema(schemas, requireText(schema, 'schema'))
  const id = requireText(item, 'item')
  const name = requireText(field, 'field')
  // Not left out where there were several: elements that are taken out of a set are named by the places of changes.
  const isMeant = (change: Change): boolean => change.field === name && (change.tag === 'put' || change.tag === 'clear')
  const isIn = (chunk: Chunk): boolean => chunk.schema === known.name && chunk.item === id
  if (!chunks.some((chunk) => isIn(chunk) && chunk.changes.some(isMeant)))
    throw wrong('edits', `of values that were refused: ${known.name}/${id} ${name} is not among them`)
  const stored = checkPatch(known, { [name]: appValue(known, name, value) })[name]
  const put = stored === undefined ? ({ tag: 'clear', value: null } as const) : ({ tag: 'put', value: stored } as const)
  return chunks.map((chunk) =>
    isIn(chunk)
      ? { ...chunk, changes: chunk.changes.map((change) => (isMeant(change) ? { ...change, ...put } : change)) }
      : chunk,
  )
}

function requireSchema(schemas: readonly AnySchema[], name: string): AnySchema {
  const known = schemas.find((each) => each.name === name)
  if (!known) throw new IbexError('unknown-schema', `The store does not have the schema '${name}'.`)
  return known
}

/** As an app writes it: no value is undefined, a date is a Date. */
function appValue(schema: AnySchema, field: string, value: Value | undefined): unknown {
  const { kind, presence, element } = schema.fields[field] ?? {}
  if (value === null && presence === 'optional' && kind !== 'json') return undefined
  if (kind === 'date') return asDate(value)
  if (element?.kind !== 'date') return value
  if (Array.isArray(value)) return (value as Value[]).map(asDate)
  return isPlainObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asDate(each)]))
    : value
}

function asDate(value: Value | undefined): unknown {
  return typeof value === 'number' ? new Date(value) : value
}

function requireActionId(value: Value): ActionId {
  return requireText(value, 'actions') as ActionId
}

function requireText(value: Value | undefined, name: string): string {
  if (typeof value !== 'string') throw wrong(name, 'a text')
  return value
}

function requireBoolean(value: Value | undefined, name: string): boolean {
  if (typeof value !== 'boolean') throw wrong(name, 'true or false')
  return value
}

/** From 0, or for counters from anywhere, up to `most`. */
function requireNumber(value: Value | undefined, name: string, most: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || value < 0 || value > most) throw wrong(name, `a number from 0 to ${most}`)
  return value
}

function wrong(name: string, wanted: string): IbexError {
  return new IbexError('bad-option', `A command of the devtools needs \`${name}\` to be ${wanted}.`)
}
