/** Whether data that was written under one schema can be read under another. */
import type { Issue } from '../errors.js'
import type { FieldDescription, SchemaDescription } from './describe.js'

/**
 * Why data that was written under `before` cannot be read under `now`, an issue for each field, with the ways out; none
 * where it can, or where the versions differ. A field may be added with a default or as optional, may be removed (its
 * data is kept), may gain enum members, and may come to do without a value.
 */
export function compareSchemas(before: SchemaDescription, now: SchemaDescription): Issue[] {
  const issues: Issue[] = []
  if (before.version !== now.version) return issues
  for (const [name, field] of Object.entries(now.fields)) {
    const change = changeOf(Object.hasOwn(before.fields, name) ? before.fields[name] : undefined, field)
    const message = `${change}, raise the version of the schema, or in development call store.reset()`
    if (change) issues.push({ path: [name], message })
  }
  return issues
}

function changeOf(before: FieldDescription | undefined, now: FieldDescription): string | undefined {
  if (before && kindOf(before) !== kindOf(now)) {
    return `was ${kindOf(before)}, is ${kindOf(now)}: keep the kind, use another name`
  }
  const lost = before && membersOf(before).filter((member) => !membersOf(now).includes(member))
  if (lost?.length) return `may be ${lost} in stored items: keep it`
  if (now.presence === 'required' && before?.presence !== 'required') {
    return 'required, but stored items may lack it: give it a default, make it optional'
  }
  return undefined
}

function kindOf({ kind, element }: FieldDescription): string {
  return element ? `${kind} of ${element.kind}` : kind
}

function membersOf({ members, element }: FieldDescription): readonly string[] {
  return members ?? element?.members ?? []
}
