/** What a schema is as plain JSON data. */
import type { FieldKind, FieldShape, Presence, SchemaShape } from './shape.js'

/** A schema as JSON data, without defaults and validators, which say nothing of what is stored. */
export interface SchemaDescription {
  readonly name: string
  readonly version: number
  readonly fields: { readonly [name: string]: FieldDescription }
}

/** A field as JSON data; properties that do not apply are absent. */
export interface FieldDescription {
  readonly kind: FieldKind
  readonly presence: Presence
  readonly members?: readonly string[]
  readonly target?: string
  /** The elements of a set, the values of a map. */
  readonly element?: FieldDescription
}

export function describeSchema({ name, version, names, fields }: SchemaShape): SchemaDescription {
  return { name, version, fields: Object.fromEntries(names.map((key) => [key, describeField(fields[key]!)])) }
}

function describeField({ kind, presence, members, target, element }: FieldShape): FieldDescription {
  return {
    kind,
    presence,
    ...(members && { members }),
    ...(target !== undefined && { target }),
    ...(element && { element: describeField(element) }),
  }
}
