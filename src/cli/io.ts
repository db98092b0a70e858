/** What the command has around it: given, so that tests can run it in their own process. */

export interface Io {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether people read what goes out. */
  readonly terminal: boolean
  /** One line that was asked for. */
  out(line: string): void
  /** One line of what should be known besides. */
  note(line: string): void
  /** Milliseconds since 1970. */
  now(): number
}

/** Exit codes, as `grep` and `diff` have them. */
export const FINE = 0
/** Differences, something bad, nothing found. */
export const FOUND = 1
export const TROUBLE = 2
