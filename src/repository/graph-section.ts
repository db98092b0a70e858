/** The index of a graph in a checkpoint: its columns, laid out to be copied into memory as they lie. */
import type { GraphData } from '../graph/graph.js'
import type { SessionId } from '../ids.js'
import type { ByteReader, ByteWriter } from '../value/bytes.js'
import { readNumbers, writeNumbers } from '../value/number-list.js'

/** Positions are more than numbers of 32 bits can say. */
const HIGH = 2 ** 32

/** Each list in as few bytes as it needs: how far back parents lie instead of their numbers. */
export function writeGraph(writer: ByteWriter, { ids, positions, firstEdges, edges, ...data }: GraphData): void {
  writer.varuint(ids.byteLength)
  writer.raw(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength))
  const distances = edges.slice()
  for (let n = 0; n < positions.length; n++) {
    for (let edge = firstEdges[n]!, end = firstEdges[n + 1]!; edge < end; edge++) distances[edge] = n - edges[edge]!
  }
  const lists = [
    data.authors,
    data.kinds,
    data.timesHigh,
    data.timesLow,
    data.sizes,
    Uint32Array.from(positions, (position) => position / HIGH),
    Uint32Array.from(positions, (position) => position % HIGH),
    firstEdges.subarray(1).map((end, n) => end - firstEdges[n]!),
    distances,
  ]
  for (const list of lists) writeNumbers(writer, list)
}

export function readGraph(reader: ByteReader, sessions: readonly SessionId[]): GraphData {
  const ids = new Int32Array(reader.raw(reader.varuint()).slice().buffer)
  const authors = readNumbers(reader)
  const kinds = new Uint8Array(readNumbers(reader))
  const timesHigh = readNumbers(reader)
  const timesLow = readNumbers(reader)
  const sizes = readNumbers(reader)
  const high = readNumbers(reader)
  const positions = new Float64Array(readNumbers(reader))
  const counts = readNumbers(reader)
  const edges = readNumbers(reader)
  const firstEdges = new Uint32Array(counts.length + 1)
  for (let n = 0; n < counts.length; n++) {
    positions[n]! += high[n]! * HIGH
    const end = firstEdges[n]! + counts[n]!
    for (let edge = firstEdges[n]!; edge < end; edge++) edges[edge] = n - edges[edge]!
    firstEdges[n + 1] = end
  }
  return { sessions, ids, authors, kinds, timesHigh, timesLow, sizes, positions, firstEdges, edges }
}
