/** What is said where the schemas of an app do not fit what it has stored. */
import { IbexError, type Issue } from '../errors.js'
import { compareSchemas } from '../schema/compare.js'
import type { SchemaDescription } from '../schema/describe.js'

/** Throws `schema-changed` where what was stored under these schemas, by name and version, cannot be read by those. */
export function requireReadable(
  stored: Readonly<Record<string, SchemaDescription>>,
  now: Readonly<Record<string, SchemaDescription>>,
): void {
  const issues: Issue[] = Object.entries(stored).flatMap(([name, before]) =>
    compareSchemas(before, now[name]!).map(({ path, message }) => ({ path: [before.name, ...path], message })),
  )
  if (issues.length === 0) return
  const text = issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  throw new IbexError('schema-changed', `What is stored on this device does not fit the schemas any more. ${text}.`, {
    issues,
  })
}
