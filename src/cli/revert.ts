/** `ibex revert`: takes back what actions did, or makes it look as it did before. */
import { IbexError } from '../errors.js'
import type { Write } from '../store/collection-face.js'
import type { History, Timeline, TimelineEntry } from '../store/history/face.js'
import { FINE, type Io } from './io.js'
import { findItem } from './item-name.js'
import { painter } from './paint.js'
import { type EntryStyle, entryLine } from './print-entry.js'
import { printText } from './print-value.js'
import { createRevisions, type Revisions } from './revision.js'
import type { Target, TargetOptions } from './replica-target.js'
import { withTarget } from './target.js'

export interface RevertOptions extends TargetOptions {
  readonly to?: string | undefined
  readonly lastValid?: boolean | undefined
  readonly schema?: string | undefined
  readonly item?: readonly string[] | undefined
  readonly label?: string | undefined
  readonly color?: string | boolean | undefined
}

export function revert(io: Io, actions: readonly string[], options: RevertOptions): Promise<number> {
  const ways = [actions.length > 0, options.to !== undefined, options.lastValid === true].filter(Boolean)
  if (ways.length !== 1) {
    throw new IbexError('bad-option', 'Say what to take back: actions, or --to <revision>, or --last-valid.')
  }
  if (actions.length > 0 && (options.schema !== undefined || options.item)) {
    throw new IbexError('bad-option', '--schema and --item narrow --to and --last-valid; actions are taken back whole.')
  }
  const change = async (target: Target): Promise<number> => {
    const { history, opened } = target
    const revisions = createRevisions(history, opened.journal.graph, io.now())
    const own = history.timeline({ session: opened.repository.session })
    const before = own.count
    const write = await carryOut(target, revisions, actions, options)
    // Accepted or refused, where there is a server; durable, where there is none.
    await write.wait('server')
    const made = await committed(history, own, before)
    const style: EntryStyle = { paint: painter(io, options.color), revisions, date: 'iso', now: io.now() }
    for (const entry of made) io.out(entryLine(entry, style))
    if (made.length === 0) io.out('Nothing is different: there is nothing to take back.')
    return FINE
  }
  return withTarget(io, options, change, 'write')
}

async function carryOut(
  { history, opened, schemas }: Target,
  revisions: Revisions,
  actions: readonly string[],
  { to, schema, item, label }: RevertOptions,
): Promise<Write> {
  if (actions.length > 0) {
    const entries = actions.flatMap((text) => revisions.actions(text))
    const [first] = entries
    const single =
      entries.length === 1 && first ? `Revert "${printText(first.label ?? revisions.nameOf(first))}"` : undefined
    return history.revert(
      entries.map(({ id }) => id),
      { label: label ?? single },
    )
  }
  const items = item?.map((text) => findItem(text, opened.repository.state, schemas).id)
  const moment = to === undefined ? await history.lastValid() : revisions.moment(to)
  return history.revertTo(moment, { schema, items, label: label ?? (to === undefined ? undefined : `Revert to ${to}`) })
}

/** The actions since the first `before`, as soon as they are commits in history, too. */
function committed(history: History, own: Timeline, before: number): Promise<readonly TimelineEntry[]> {
  return new Promise((resolve) => {
    const look = (): void => {
      const made = own.slice(before, own.count)
      if (made.some(({ commit }) => commit === undefined)) return
      stop()
      resolve(made)
    }
    const stop = history.subscribe(look)
    look()
  })
}
