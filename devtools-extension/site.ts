/** The site of a page, as permissions name it. */

/**
 * A pattern of all pages of an origin's host, whatever the port, which Firefox's patterns do not know. Undefined for pages that
 * no extension may look into.
 */
export function patternOf(origin: string): string | undefined {
  if (!URL.canParse(origin)) return undefined
  const { protocol, hostname } = new URL(origin)
  return protocol === 'http:' || protocol === 'https:' ? `${protocol}//${hostname}/*` : undefined
}
