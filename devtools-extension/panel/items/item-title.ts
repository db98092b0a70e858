import type { AnySchema, AnySnapshot } from '../../../src/index.js'

/** What people call an item: its title or name, or else its first text; undefined where it has none. */
export function titleOf(schema: AnySchema, item: AnySnapshot): string | undefined {
  // Of a recording only the values are known: there a text is whatever is one.
  const texts = schema.names.filter((name) => typeof item[name] === 'string' && item[name] !== '')
  const best = texts.find((name) => /title|name|label/i.test(name))
  return item[best ?? texts.find((name) => schema.fields[name]?.kind === 'string') ?? ''] as string | undefined
}
