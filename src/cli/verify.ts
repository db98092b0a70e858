/** `ibex verify`: every hash, signature, parent, time and seal. */
import { FINE, FOUND, type Io } from './io.js'
import { painter } from './paint.js'
import { stringify } from './print-value.js'
import type { TargetOptions } from './replica-target.js'
import { withTarget } from './target.js'

export interface VerifyOptions extends TargetOptions {
  readonly json?: boolean | undefined
  readonly color?: string | boolean | undefined
}

export function verify(io: Io, options: VerifyOptions): Promise<number> {
  return withTarget(io, options, async ({ history, opened }) => {
    const { commits, sealed, faults } = await history.verify()
    // What lies between records that verify is lost, though nothing that is here may miss it.
    const lost = opened.journal.storage.log?.damage.some(({ kind }) => kind === 'gap') ?? false
    const ok = faults.length === 0 && !lost
    for (const problem of opened.problems) io.note(problem)
    if (options.json) {
      for (const fault of faults) io.out(stringify(fault))
      io.out(stringify({ ok, commits, sealed, faults: faults.length, lost }))
      return ok ? FINE : FOUND
    }
    const paint = painter(io, options.color)
    for (const { commit, code, message } of faults) {
      io.out(`${paint('removed', 'bad')} ${paint('id', commit)} ${code}: ${message}`)
    }
    const count = `${commits} ${commits === 1 ? 'commit' : 'commits'}`
    if (ok) io.out(`${paint('added', 'good')} ${count} verified, ${sealed} sealed by the authority`)
    else if (faults.length > 0) io.out(`${faults.length} of ${count} ${faults.length === 1 ? 'does' : 'do'} not hold`)
    else io.out(`${paint('removed', 'bad')} ${count} verified, and others are lost`)
    return ok ? FINE : FOUND
  })
}
