import { IbexError } from '../errors.js'
import type { AnySchema } from './schema.js'

/** The schema of a list that has this one's name and version; throws `unknown-schema` where there is none. */
export function requireKnownSchema(schemas: readonly AnySchema[], { name, version }: AnySchema): AnySchema {
  const known = schemas.find((schema) => schema.name === name && schema.version === version)
  if (known) return known
  throw new IbexError(
    'unknown-schema',
    `The store does not have the schema '${name}' (version ${version}). Add it to createStore({ schemas: [${[...schemas.map((schema) => schema.name), name].join(', ')}] }).`,
  )
}
