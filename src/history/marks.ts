/** What actions are to each other, as their labels say: see `labels.ts`. */
import type { SessionId } from '../ids.js'
import type { PastCommit } from './deed.js'
import { type FlushAction, readLabel } from './labels.js'
import type { ActionPlace, Ledger } from './ledger.js'

/** An action that undid or redid another. */
export interface Mark {
  readonly kind: 'undo' | 'redo'
  /** The action itself. */
  readonly place: ActionPlace
  /** What is meant. */
  readonly target: ActionPlace
  /** With what had no effect by itself, and went with it. */
  readonly targets: readonly ActionPlace[]
}

/** What the labels of a ledger and of what is pending say. It holds as long as these stay as they are. */
export interface Marks {
  /** The first part of an action. */
  headOf(place: ActionPlace): ActionPlace
  /** All parts of an action, of which this is the first. */
  partsOf(head: ActionPlace): readonly ActionPlace[]
  /** What an action undid or redid, if it did. */
  markOf(place: ActionPlace): Mark | undefined
  /** What undid and redid an action, in order. */
  chainOf(head: ActionPlace): readonly Mark[]
  isUndone(head: ActionPlace): boolean
  /** Whether an action counts: it is no mark, and is not undone. */
  isInEffect(place: ActionPlace): boolean
}

/** Something for each of some actions. */
class ActionMap<T> {
  private readonly byCommit = new Map<PastCommit, Map<number, T>>()

  get({ commit, action }: ActionPlace): T | undefined {
    return this.byCommit.get(commit)?.get(action)
  }

  set({ commit, action }: ActionPlace, value: T): void {
    let actions = this.byCommit.get(commit)
    if (!actions) this.byCommit.set(commit, (actions = new Map()))
    actions.set(action, value)
  }
}

/** Only who did something, or another session of the same user, can have undone it. */
export function readMarks(
  ledger: Ledger,
  tail: readonly PastCommit[],
  isSameUser: (a: SessionId, b: SessionId) => boolean,
): Marks {
  const heads = new ActionMap<ActionPlace>()
  const parts = new ActionMap<ActionPlace[]>()
  const marks = new ActionMap<Mark>()
  const chains = new ActionMap<Mark[]>()
  const find = (
    { lane, flush, action }: FlushAction,
    before: PastCommit,
    isOf: (session: SessionId) => boolean,
  ): ActionPlace | undefined => {
    if (lane === '') return undefined
    const named = [...ledger.ofFlush(lane, flush), ...tail.filter((each) => each.lane === lane && each.flush === flush)]
    const commit = named.findLast(
      ({ origin, index, actions }) => index <= before.index && action < actions.length && isOf(origin.session),
    )
    return commit && { commit, action }
  }

  const marked = [...ledger.marked].filter(({ standing }) => standing !== 'void').sort((a, b) => a.index - b.index)
  for (const commit of [...marked, ...tail]) {
    const { session } = commit.origin
    commit.actions.forEach(({ label = '' }, action) => {
      const said = readLabel(label)
      if (!said) return
      const place: ActionPlace = { commit, action }
      if (said.kind !== 'more') {
        const targets = said.targets.flatMap((named) => {
          const target = find(named, commit, (other) => other === session || isSameUser(other, session))
          return !target || heads.get(target) || marks.get(target) ? [] : target
        })
        const [target] = targets
        if (!target) return
        const mark: Mark = { kind: said.kind, place, target, targets }
        marks.set(place, mark)
        for (const each of targets) {
          const chain = chains.get(each)
          if (chain) chain.push(mark)
          else chains.set(each, [mark])
        }
        return
      }
      const first = { lane: commit.lane, flush: said.flush, action: said.action }
      const head = find(first, commit, (other) => other === session)
      if (!head || heads.get(head)) return
      heads.set(place, head)
      const known = parts.get(head)
      if (known) known.push(place)
      else parts.set(head, [head, place])
    })
  }

  const headOf = (place: ActionPlace): ActionPlace => heads.get(place) ?? place
  const isUndone = (head: ActionPlace): boolean => chains.get(head)?.at(-1)?.kind === 'undo'
  const markOf = (place: ActionPlace): Mark | undefined => marks.get(headOf(place))
  return {
    headOf,
    partsOf: (head) => parts.get(head) ?? [head],
    markOf,
    chainOf: (head) => chains.get(head) ?? [],
    isUndone,
    isInEffect: (place) => !markOf(place) && !isUndone(headOf(place)),
  }
}
