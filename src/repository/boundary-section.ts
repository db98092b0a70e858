/** What a checkpoint says of a past that is not whole: see `boundary.ts`. */
import { Graph } from '../graph/graph.js'
import { loadGraph } from '../graph/rearranging.js'
import type { HybridTime } from '../graph/time.js'
import { type CommitId, commitIdOf, fromHex, sessionIdOf } from '../ids.js'
import type { Random } from '../ports.js'
import type { ByteReader, ByteWriter } from '../value/bytes.js'
import { Boundary } from './boundary.js'
import { readGraph, writeGraph } from './graph-section.js'

export function writeBoundary(writer: ByteWriter, boundary: Boundary): void {
  const id = (each: CommitId): void => writer.raw(fromHex(each))
  const ids = (list: readonly CommitId[]): void => {
    writer.varuint(list.length)
    list.forEach(id)
  }
  const families = (children: ReadonlyMap<CommitId, readonly CommitId[]>): void => {
    writer.varuint(children.size)
    for (const [child, parents] of children) {
      id(child)
      ids(parents)
    }
  }
  ids(boundary.frontier)
  writer.varuint(boundary.count === undefined ? 0 : boundary.count + 1)
  writer.varuint(boundary.parts.length)
  for (const position of boundary.parts) writer.varuint(position)
  writer.varuint(boundary.told.size)
  for (const [told, { ms, counter }] of boundary.told) {
    id(told)
    writer.varuint(ms)
    writer.varuint(counter)
  }
  families(boundary.children)
  const { graph, children } = boundary.graph()
  const data = graph.data()
  writer.varuint(data.sessions.length)
  for (const session of data.sessions) writer.raw(fromHex(session))
  writeGraph(writer, data)
  families(children)
}

/** Reads what {@link writeBoundary} wrote; answers what makes a boundary of it when there is the graph above it. */
export function readBoundary(reader: ByteReader, random: Random): (above: Graph) => Boundary {
  const id = (): CommitId => commitIdOf(reader.raw(32))
  const ids = (): CommitId[] => Array.from({ length: reader.count(32) }, id)
  const time = (): HybridTime => ({ ms: reader.varuint(), counter: reader.varuint() })
  const families = (): [CommitId, CommitId[]][] => Array.from({ length: reader.count(33) }, () => [id(), ids()])
  const frontier = ids()
  const count = reader.varuint()
  const parts = Array.from({ length: reader.count() }, () => reader.varuint())
  const told = Array.from({ length: reader.count(34) }, () => ({ id: id(), time: time() }))
  const children = families()
  const sessions = Array.from({ length: reader.count(16) }, () => sessionIdOf(reader.raw(16)))
  const older = new Graph(random)
  loadGraph(older, readGraph(reader, sessions))
  const olderChildren = new Map(families())
  return (above) => {
    const boundary = new Boundary(frontier, count > 0 ? count - 1 : undefined, random)
    boundary.parts = parts
    boundary.load(older, olderChildren)
    for (const each of told) boundary.tell(each)
    for (const [child, parents] of children) {
      boundary.attach(child, { parents, time: above.get(child)!.time }, (parent) => above.has(parent))
    }
    return boundary
  }
}
