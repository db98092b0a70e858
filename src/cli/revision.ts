/**
 * How commands name moments and actions:
 *
 * | written | names |
 * |---|---|
 * | `@` `HEAD` | now; as an action the newest |
 * | `start` | before the first action |
 * | `3f2a1b` | a commit, by its id or as much of it as is enough: after it; all of its actions |
 * | `3f2a1b/2` | one of its actions, counted from 0 |
 * | `@{yesterday 14:00}` | a time |
 * | `…~3` `…~` `…^` | so many actions before |
 * | `…..…` | what lies between; without one end, up to now or from the beginning |
 * | a moment | as programs hold it |
 */
import { IbexError } from '../errors.js'
import type { Graph } from '../graph/graph.js'
import type { Standing } from '../history/deed.js'
import { type ActionId, actionId, type Moment, START } from '../history/moment.js'
import type { CommitId } from '../ids.js'
import type { History, Timeline, TimelineEntry } from '../store/history/face.js'
import { parseTime } from './dates.js'

/** Digits that a name is shown with, where they are enough. */
const SHOWN = 8
/** What is void has no effect, and no place. */
const EFFECTIVE: readonly Standing[] = ['provisional', 'accepted']
/** Digits that a name needs at least. */
const LEAST = 4

export interface Range {
  /** Undefined: from the beginning. */
  readonly from: Moment | undefined
  /** Undefined: until now, and after. */
  readonly to: Moment | undefined
}

/** Throws `bad-option` for what names nothing, or several things. */
export interface Revisions {
  moment(text: string): Moment
  /** How many actions there are up to a moment. */
  placeOf(this: void, moment: Moment): number
  /** The action that leads to a place; the first is 1. */
  entryAt(this: void, place: number): TimelineEntry
  /** Oldest first. */
  actions(text: string): readonly TimelineEntry[]
  /** `A..B`, or one revision: all up to it. */
  range(text: string | undefined): Range
  /** As much of a commit's id as tells it from all others. */
  short(commit: string): string
  /** The name of an action; that of its commit where it has but one. */
  nameOf(entry: TimelineEntry): string
}

export function createRevisions(history: History, graph: Graph, now: number): Revisions {
  const timeline: Timeline = history.timeline({ standing: EFFECTIVE })
  let digits: number | undefined
  let sizes: Map<string, number> | undefined

  const wrong = (text: string, why: string): IbexError => new IbexError('bad-option', `'${text}' ${why}`)

  function entryAt(place: number): TimelineEntry {
    return timeline.slice(place - 1, place)[0]!
  }

  function placeOf(moment: Moment): number {
    return moment === START ? 0 : history.timeline({ standing: EFFECTIVE, until: moment }).count
  }

  function find(prefix: string, text: string): CommitId {
    if (prefix.length < LEAST) throw wrong(text, `is too short to name a commit: write ${LEAST} digits or more.`)
    const found: CommitId[] = []
    for (let n = 0; n < graph.size; n++) if (graph.idAt(n).startsWith(prefix)) found.push(graph.idAt(n))
    if (found.length === 1) return found[0]!
    if (found.length === 0) throw wrong(text, 'names no commit that is here.')
    const list = found.slice(0, 10).map((id) => `  ${id}`)
    throw wrong(text, `could be ${found.length} commits:\n${list.join('\n')}`)
  }

  /** Of a commit; of a join or seal, the commit itself. */
  function entriesOf(commit: CommitId): TimelineEntry[] {
    const size = sizeOf(commit)
    // What continues in several commits has the same entry in each.
    const entries = Array.from({ length: size }, (_, action) => history.entry(actionId(commit, action)))
    if (size > 0) return [...new Set(entries)]
    const joins = history.timeline({ joins: true })
    return joins.slice(0, joins.count).filter((entry) => entry.commit === commit)
  }

  function sizeOf(commit: string): number {
    if (!sizes) {
      sizes = new Map()
      for (let i = 0; i < history.commits.count; i++) {
        const { id, actions } = history.commits.at(i)
        sizes.set(id, actions)
      }
    }
    return sizes.get(commit) ?? 0
  }

  /** Takes `~3`, `~`, `^` off the end. */
  function split(text: string): { base: string; back: number } {
    const match = /^(.*?)((?:~\d*|\^)*)$/s.exec(text)!
    const steps = match[2]!.match(/~\d*|\^/g) ?? []
    const back = steps.reduce((sum, step) => sum + (step.length > 1 ? Number(step.slice(1)) : 1), 0)
    return { base: match[1]!, back }
  }

  function baseMoment(base: string, text: string): Moment {
    if (base === '@' || base === 'HEAD') return history.now()
    const time = /^(?:@|HEAD)\{(.*)\}$/.exec(base)
    if (time) {
      const at = parseTime(time[1]!, now)
      if (at === undefined) throw wrong(text, `names no time: write @{2026-11-22 14:00} or @{2 hours ago}.`)
      return history.at(at)
    }
    const entries = named(base, text)
    if (entries.length === 0) throw wrong(text, 'names nothing: write @, an id or @{a time}.')
    return entries.at(-1)!.moment!
  }

  /** What an id names; nothing where it is none. */
  function named(base: string, text: string): readonly TimelineEntry[] {
    const match = /^([0-9a-f]+)(?:\/(\d+))?$/.exec(base)
    if (!match) return /^[0-9a-f]{16}\/\d+\/\d+$/.test(base) ? [history.entry(base as ActionId)] : []
    const entries = entriesOf(find(match[1]!, text))
    if (match[2] === undefined) return entries
    const entry = entries[Number(match[2])]
    if (!entry) throw wrong(text, `names no action: its commit has ${entries.length}.`)
    return [entry]
  }

  function moment(text: string): Moment {
    // The name of a moment may hold what elsewhere counts back.
    if (text === START || /^[0-9a-f]{64}(\.\d+)?(~[0-9a-f]{64})*$/.test(text)) {
      if (!/^[0-9a-f]{64}$/.test(text)) return history.moment(text)
    }
    const { base, back } = split(text)
    const at = base === START ? START : baseMoment(base, text)
    const place = back === 0 ? 0 : placeOf(at) - back
    return back === 0 ? at : place <= 0 ? START : entryAt(place).moment!
  }

  return {
    moment,
    placeOf,
    entryAt,
    actions(text) {
      const between = /^(.*)\.\.(.*)$/s.exec(text)
      if (between) {
        const [from, to] = [between[1] || START, between[2] || '@'].map((end) => placeOf(moment(end)))
        return timeline.slice(from!, to!)
      }
      const { base, back } = split(text)
      const entries = back === 0 ? named(base, text) : []
      if (entries.length > 0) return entries
      const place = placeOf(moment(text))
      if (place === 0) throw wrong(text, 'names no action: nothing comes before it.')
      return [entryAt(place)]
    },
    range(text) {
      if (text === undefined) return { from: undefined, to: undefined }
      const between = /^(.*)\.\.(.*)$/s.exec(text)
      if (!between) return { from: undefined, to: moment(text) }
      return {
        from: between[1] ? moment(between[1]) : undefined,
        to: between[2] ? moment(between[2]) : undefined,
      }
    },
    short(commit) {
      digits ??= digitsFor(graph)
      return commit.slice(0, digits)
    },
    nameOf({ id, commit }) {
      if (commit === undefined) return id
      const short = this.short(commit)
      return sizeOf(commit) > 1 ? `${short}/${id.slice(id.lastIndexOf('/') + 1)}` : short
    },
  }
}

/** How many digits tell all commits apart. */
function digitsFor(graph: Graph): number {
  const ids = Array.from({ length: graph.size }, (_, n) => graph.idAt(n)).sort()
  let digits = SHOWN
  for (let i = 1; i < ids.length; i++) {
    while (ids[i]!.startsWith(ids[i - 1]!.slice(0, digits))) digits++
  }
  return digits
}
