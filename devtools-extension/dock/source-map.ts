/** From a place in code as it is served to the place in the file that somebody wrote, as far as the code says. */
import { originalPositionFor, type SourceMapInput, TraceMap } from '@jridgewell/trace-mapping'

/** From 1, both. */
export interface Place {
  readonly line: number
  readonly column: number
}

const MAPPING_URL = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm

/**
 * Where in its source a place of a served file is, by the source map that the file names (ECMA-426); the same place where it
 * names none, or one of several sources. Never rejects.
 */
export async function placeInSource(file: string, place: Place): Promise<Place> {
  const map = await mapOf(file).catch(() => undefined)
  if (map?.sources.length !== 1) return place
  const { line, column } = originalPositionFor(map, { line: place.line, column: place.column - 1 })
  return line === null ? place : { line, column: column + 1 }
}

/** Undefined where there is none. Rejects where it cannot be read. */
async function mapOf(file: string): Promise<TraceMap | undefined> {
  const text = await (await fetch(file)).text()
  // The last one counts: others stand in what was put into the file.
  const url = [...text.matchAll(MAPPING_URL)].at(-1)?.[1]
  if (url === undefined) return undefined
  return new TraceMap((await (await fetch(new URL(url, file))).json()) as SourceMapInput, file)
}
