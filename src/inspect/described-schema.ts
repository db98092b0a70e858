/** Schemas as a panel gets them: as data, with their defaults, and without what is code. */
import { describeSchema, type FieldDescription, type SchemaDescription } from '../schema/describe.js'
import type { AnySchema } from '../schema/schema.js'
import type { FieldShape } from '../schema/shape.js'
import type { Value } from '../value/value.js'

export interface SchemaAbout extends SchemaDescription {
  /** Fields in the order in which the app wrote them. */
  readonly names: readonly string[]
  /** In stored form, by field; fields without a default are absent. */
  readonly defaults: { readonly [field: string]: Value }
}

export function aboutSchema(schema: AnySchema): SchemaAbout {
  const defaults: Record<string, Value> = {}
  for (const name of schema.names) {
    const { fallback } = schema.fields[name]!
    if (fallback !== undefined) defaults[name] = fallback
  }
  return { ...describeSchema(schema), names: schema.names, defaults }
}

/** A schema under which items are read as under the one that was described. It validates nothing. */
export function schemaOf({ name, version, names, fields, defaults }: SchemaAbout): AnySchema {
  const shapes = Object.create(null) as Record<string, FieldShape>
  for (const field of names) shapes[field] = shapeOf(fields[field]!, defaults[field])
  return Object.freeze({
    name,
    version,
    names,
    fields: Object.freeze(shapes),
  }) as AnySchema
}

const MERGING: readonly string[] = ['counter', 'set', 'map']

function shapeOf({ kind, presence, members, target, element }: FieldDescription, fallback?: Value): FieldShape {
  return Object.freeze({
    kind,
    merge: MERGING.includes(kind) ? (kind as 'counter' | 'set' | 'map') : 'register',
    presence,
    fallback,
    members,
    target,
    element: element && shapeOf(element),
    validators: [],
  })
}
