/**
 * File names for any string, one to one, that no file system folds together: some ignore case, some refuse `*`, `:` or a
 * dot at the end. `/data/Main` becomes `,data,=main`.
 */
export function encodeFileName(name: string): string {
  return name.replace(/[^a-z0-9_@-]/g, (c) =>
    c === '/'
      ? ','
      : c >= 'A' && c <= 'Z'
        ? `=${c.toLowerCase()}`
        : `%${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The string of an encoded name; `undefined` for a name that {@link encodeFileName} does not make. */
export function decodeFileName(name: string): string | undefined {
  const text = name.replace(/,|=([a-z])|%([0-9a-f]{4})/g, (_, upper?: string, code?: string) =>
    upper ? upper.toUpperCase() : code ? String.fromCharCode(Number.parseInt(code, 16)) : '/',
  )
  return encodeFileName(text) === name ? text : undefined
}
