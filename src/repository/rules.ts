/** Who may read and write what: an app's rules, and how a path finds the rule that decides. */
import { IbexError } from '../errors.js'
import type { AnySchema, AnySnapshot } from '../schema/schema.js'

/** Who asks: the session, and its user unless it is anonymous. */
export interface Asker {
  readonly id: string
  readonly user: string | null
}

/** What a write rule judges: one item of one commit. */
export interface WriteRequest {
  readonly session: Asker
  /** The repository's path. */
  readonly path: string
  /** What stood at the places that the pattern names. */
  readonly params: Readonly<Record<string, string>>
  readonly operation: 'create' | 'update' | 'delete' | 'restore'
  readonly schema: string
  readonly id: string
  /** The item as the authority had it; undefined where it did not exist or was deleted. */
  readonly before: AnySnapshot | undefined
  /** The item as it would be; undefined where it is deleted. */
  readonly after: AnySnapshot | undefined
}

/** What a read rule judges: one repository. */
export interface ReadRequest {
  readonly session: Asker
  readonly path: string
  readonly params: Readonly<Record<string, string>>
}

/** True: allowed. False, or a text that says why: refused. Pure: same request, same answer. */
export type Verdict = boolean | string

export interface Rule {
  readonly pattern: string
  readonly read: (request: ReadRequest) => Verdict
  readonly write: (request: WriteRequest) => Verdict
}

/** What an app says to its server, in one file that server, CLI and client can load. */
export interface Config {
  readonly schemas: readonly AnySchema[]
  /** The first rule whose pattern fits a repository decides; where none fits, nothing is allowed. Without rules everything is. */
  readonly rules?: readonly Rule[]
  /**
   * The user behind a connection, from the token that the client's store was given and the request's headers; null for
   * an anonymous session. Throw, or return undefined, to refuse the connection.
   */
  readonly authenticate?: (request: {
    readonly token: string | undefined
    readonly headers: Readonly<Record<string, string | string[] | undefined>>
  }) => string | null | undefined | Promise<string | null | undefined>
}

/** Checks a configuration; the identity function otherwise. Throws `bad-option`. */
export function defineConfig(config: Config): Config {
  if (!config || !Array.isArray(config.schemas)) {
    throw new IbexError('bad-option', 'defineConfig({ schemas: [...] }) needs the list of schemas.')
  }
  return config
}

/**
 * A rule for the repositories whose path fits `pattern`: `/data/main`, `/user/:id/:repository` (names what stands there),
 * `/data/*` (anything from there on). What is left out is allowed.
 */
export function rule(pattern: string, allow: { read?: Rule['read']; write?: Rule['write'] }): Rule {
  if (!/^\/[^/]+(\/[^/]+)*$/.test(pattern)) {
    throw new IbexError(
      'bad-option',
      `'${pattern}' is not a rule's pattern: write it like '/data/main', '/user/:id/*'.`,
    )
  }
  return { pattern, read: allow.read ?? (() => true), write: allow.write ?? (() => true) }
}

/** The rule that decides for a path, with what its pattern names; undefined where none fits. */
export function findRule(
  rules: readonly Rule[],
  path: string,
): { rule: Rule; params: Readonly<Record<string, string>> } | undefined {
  for (const candidate of rules) {
    const params = fit(candidate.pattern, path)
    if (params) return { rule: candidate, params }
  }
  return undefined
}

function fit(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  const params: Record<string, string> = {}
  for (let i = 0; i < wanted.length; i++) {
    const part = wanted[i]!
    if (part === '*' && i === wanted.length - 1) return params
    if (given[i] === undefined) return undefined
    if (part.startsWith(':')) params[part.slice(1)] = given[i]!
    else if (part !== '*' && part !== given[i]) return undefined
  }
  return given.length === wanted.length ? params : undefined
}
