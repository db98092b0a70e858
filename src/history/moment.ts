/**
 * The names of moments and of actions, as apps hold them: strings, so that they compare by value and fit into an address or
 * a property.
 * ```
 * moment  = "start" | last [ "." action ] ( "~" commit )…
 * action  = commit "/" number      of a commit            or      lane "/" flush "/" number      while it is in none
 * ```
 * A moment is the frontier of all commits up to a stamp, captured when it was chosen. `last` is the commit of the greatest
 * stamp, of which the actions up to `action` count, or all; the other commits of the frontier ascend.
 */
import { IbexError } from '../errors.js'
import { type CommitId, type Lane, requireCommitId } from '../ids.js'

declare const brand: unique symbol

/**
 * Names what a repository was like at some time: a text that compares by value, and can be put into an address. What others
 * write later, or have written without having sent it yet, does not change what it shows.
 */
export type Moment = string & { readonly [brand]: 'Moment' }

/** Names an action: `<commit>/<number>`; while it is in no commit yet `<lane>/<flush>/<number>`. */
export type ActionId = string & { readonly [brand]: 'ActionId' }

/** What a {@link Moment} says. */
export interface MomentParts {
  /** The commit of the greatest stamp; undefined: before the first commit. */
  readonly last: CommitId | undefined
  /** The last action of `last` that counts; undefined: all do. */
  readonly action: number | undefined
  /** The other commits of the frontier, ascending. */
  readonly others: readonly CommitId[]
}

/** What an {@link ActionId} says. */
export type ActionParts =
  | { readonly commit: CommitId; readonly action: number }
  /** By the beginning of the commit's id. */
  | { readonly prefix: string; readonly action: number }
  | { readonly lane: Lane; readonly flush: number; readonly action: number }

/** Before the first commit. */
export const START = 'start' as Moment

export function formatMoment({ last, action, others }: MomentParts): Moment {
  if (last === undefined) return START
  const first = action === undefined ? last : `${last}.${action}`
  return [first, ...others].join('~') as Moment
}

/** Throws `malformed-id` for what {@link formatMoment} would not have written. */
export function parseMoment(text: string): MomentParts {
  if (text === START) return { last: undefined, action: undefined, others: [] }
  const [first = '', ...others] = typeof text === 'string' ? text.split('~') : []
  const [last = '', action] = first.split('.')
  const ascends = others.every((id, i) => i === 0 || others[i - 1]! < id)
  if (!ascends || (action !== undefined && !isNumber(action)) || first.split('.').length > 2) throw noMoment(text)
  try {
    return {
      last: requireCommitId(last),
      action: action === undefined ? undefined : Number(action),
      others: others.map(requireCommitId),
    }
  } catch {
    throw noMoment(text)
  }
}

export function actionId(commit: CommitId, action: number): ActionId {
  return `${commit}/${action}` as ActionId
}

/** Names an action by the flush in which it was made: known before it is in a commit, and the same when it is in another. */
export function flushActionId(lane: Lane, flush: number, action: number): ActionId {
  return `${lane}/${flush}/${action}` as ActionId
}

/** Throws `malformed-id` for what names no action. */
export function parseActionId(text: string): ActionParts {
  const parts = typeof text === 'string' ? text.split('/') : []
  const [first = '', second = '', third = ''] = parts
  if (parts.length === 2 && /^[0-9a-f]{16}$/.test(first) && isNumber(second)) {
    return { prefix: first, action: Number(second) }
  }
  if (parts.length === 2 && /^[0-9a-f]{64}$/.test(first) && isNumber(second)) {
    return { commit: first as CommitId, action: Number(second) }
  }
  if (parts.length === 3 && /^[0-9a-f]{16}$/.test(first) && isNumber(second) && isNumber(third)) {
    return { lane: first as Lane, flush: Number(second), action: Number(third) }
  }
  throw new IbexError(
    'malformed-id',
    `${JSON.stringify(text)} does not name an action: take the id of a timeline entry.`,
  )
}

function isNumber(text: string): boolean {
  return /^(0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text))
}

function noMoment(text: unknown): IbexError {
  const shown = String(text).slice(0, 80)
  return new IbexError(
    'malformed-id',
    `'${shown}' is not a moment: take one from a timeline entry, or history.at(time).`,
  )
}
