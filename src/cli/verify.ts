/** `ibex verify`: every hash, signature, parent, time and seal. */
import { FINE, FOUND, type Io } from './io.js'
import { painter } from './paint.js'
import { stringify } from './print-value.js'
import { type TargetOptions, withTarget } from './target.js'

export interface VerifyOptions extends TargetOptions {
  readonly json?: boolean | undefined
  readonly color?: string | boolean | undefined
}

export function verify(io: Io, options: VerifyOptions): Promise<number> {
  return withTarget(io, options, async ({ history, opened }) => {
    const { ok, commits, sealed, faults } = await history.verify()
    const paint = painter(io, options.color)
    if (options.json) for (const fault of faults) io.out(stringify(fault))
    else {
      for (const { commit, code, message } of faults) {
        io.out(`${paint('removed', 'bad')} ${paint('id', commit)} ${code}: ${message}`)
      }
    }
    for (const problem of opened.problems) io.note(problem)
    const summary = `${commits} ${commits === 1 ? 'commit' : 'commits'} verified, ${sealed} sealed by the authority`
    if (options.json) io.out(stringify({ ok, commits, sealed }))
    else io.out(ok ? `${paint('added', 'good')} ${summary}` : summary)
    return ok ? FINE : FOUND
  })
}
