/** What actions are to each other, as their labels say: see `labels.ts`. */
import type { Lane, SessionId } from '../ids.js'
import type { PastCommit } from './deed.js'
import { readLabel } from './labels.js'
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
  const find = (lane: Lane | '', flush: number, action: number, before: PastCommit): ActionPlace | undefined => {
    const commit =
      lane === ''
        ? undefined
        : (tail.find((each) => each.lane === lane && each.flush === flush) ?? ledger.ofFlush(lane, flush))
    return commit && commit.index <= before.index && action < commit.actions.length ? { commit, action } : undefined
  }

  const marked = [...ledger.marked].filter(({ standing }) => standing !== 'void').sort((a, b) => a.index - b.index)
  for (const commit of [...marked, ...tail]) {
    commit.actions.forEach(({ label = '' }, action) => {
      const said = readLabel(label)
      if (!said) return
      const place: ActionPlace = { commit, action }
      if (said.kind !== 'more') {
        const targets = said.targets.flatMap(({ lane, flush, action: number }) => {
          const target = find(lane, flush, number, commit)
          if (!target || heads.get(target) || marks.get(target)) return []
          const [a, b] = [commit.origin.session, target.commit.origin.session]
          return a === b || isSameUser(a, b) ? [target] : []
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
      const head = find(commit.lane, said.flush, said.action, commit)
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
