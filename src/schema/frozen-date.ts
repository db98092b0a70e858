/** Dates that cannot be changed: what a snapshot holds. */
import { IbexError } from '../errors.js'

/**
 * A `Date` whose setters throw `snapshot-frozen`. To everybody else it is a `Date`: `instanceof`, `structuredClone` (which
 * gives an ordinary one), `JSON.stringify`, and `constructor`, from which libraries make the copy that they change.
 */
class FrozenDate extends Date {
  static {
    const { prototype } = this
    for (const name of Object.getOwnPropertyNames(Date.prototype)) {
      if (name.startsWith('set')) Object.defineProperty(prototype, name, { value: refuseSetter })
    }
    Object.defineProperty(prototype, 'constructor', { value: Date })
  }
}

/** A read-only date, `ms` milliseconds after 1970-01-01 UTC. */
export function frozenDate(ms: number): Date {
  return Object.freeze(new FrozenDate(ms))
}

function refuseSetter(): never {
  throw new IbexError('snapshot-frozen', 'A date in a snapshot cannot be changed: write a new Date instead.')
}
