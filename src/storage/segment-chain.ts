/** Finding the segments that make up a log: from the newest backwards, each header naming the one before it. */
import { attempt, type Disk, type DiskFile } from './disk.js'
import type { Marker } from './manifest.js'
import type { Damage, Position } from './port.js'
import {
  compareSegments,
  offsetOf,
  parseSegmentFileName,
  readSegmentHeader,
  scanSegment,
  SEGMENT_HEADER,
  segmentFileName,
  segmentMarker,
  segmentOf,
  type Segment,
  type SegmentHeader,
  type SegmentName,
} from './segment-file.js'

export interface Chain {
  readonly segments: Segment[]
  readonly marker: Marker | undefined
  /** Whether the last segment ends exactly where its file ends, with a header that verifies. */
  readonly whole: boolean
}

interface Link {
  readonly name: SegmentName
  readonly header: SegmentHeader | undefined
  /** What the following segment says of this one. */
  readonly bound: { readonly size: number; readonly frames: number } | undefined
}

/**
 * Reads the chain of segments among `files`. The last one, and any of whose end nothing is known, is scanned (from the record
 * at `covered`, if that lies in it); what is wrong goes to `report`.
 */
export async function readChain(
  disk: Disk,
  files: readonly string[],
  marker: Marker | undefined,
  covered: Position,
  report: (damage: Damage) => void,
): Promise<Chain> {
  const names = files.flatMap((file) => parseSegmentFileName(file) ?? []).sort(compareSegments)
  const links: Link[] = []
  let bound: Link['bound']
  for (let i = names.length - 1; i >= 0;) {
    const name = names[i--]!
    const { header, size } = await withSegment(disk, name, async (file) => ({
      header: await readSegmentHeader(file, name),
      size: await file.size(),
    }))
    marker ??= header?.marker
    // Made just before a crash: nothing was ever written to it, or nothing whole.
    if (!header && !bound && size === 0) continue
    links.unshift({ name, header, bound })
    bound = undefined
    if (!header) continue
    const { previous } = header
    if (previous.number === 0) break
    bound = { size: previous.size, frames: previous.frames }
    while (i >= 0 && compareSegments(names[i]!, previous) > 0) i--
    if (i >= 0 && compareSegments(names[i]!, previous) === 0) continue
    report({ kind: 'gap', segment: previous.number, offset: 0, bytes: previous.size, records: previous.frames })
    bound = undefined
  }

  const segments: Segment[] = []
  let whole = false
  for (const { name, header, bound } of links) {
    const from = header?.marker ?? marker
    if (!from) {
      report({ kind: 'gap', segment: name.number, offset: 0, bytes: 0, records: 0 })
      continue
    }
    const segment = { ...name, marker: segmentMarker(from, name) }
    const last = segments.at(-1)
    const before = header?.before ?? (last ? last.before + last.frames : 0)
    whole = false
    if (bound) {
      if (!header) report({ kind: 'header', segment: name.number, offset: 0, bytes: SEGMENT_HEADER, records: 0 })
      segments.push({ ...segment, size: bound.size, frames: bound.frames, before })
      continue
    }
    const { scan, size } = await withSegment(disk, name, async (file) => {
      const size = await file.size()
      const start = segmentOf(covered) === name.number ? offsetOf(covered) : undefined
      return { size, scan: await scanSegment(file, segment, size, start) }
    })
    const end = scan.base + scan.end
    if (!header && scan.frames.length === 0) {
      report({ kind: 'torn', segment: name.number, offset: 0, bytes: size, records: 0 })
      continue
    }
    if (!header) report({ kind: 'header', segment: name.number, offset: 0, bytes: SEGMENT_HEADER, records: 0 })
    reportGaps(name, scan.base, scan.gaps, report)
    if (end < size) report({ kind: 'torn', segment: name.number, offset: end, bytes: size - end, records: 0 })
    segments.push({ ...segment, size: end, frames: scan.next, before })
    whole = header !== undefined && end === size
  }
  return { segments, marker, whole }
}

export function reportGaps(
  { number }: SegmentName,
  base: number,
  gaps: readonly { readonly offset: number; readonly bytes: number; readonly records: number }[],
  report: (damage: Damage) => void,
): void {
  for (const { offset, bytes, records } of gaps) {
    report({ kind: 'gap', segment: number, offset: base + offset, bytes, records })
  }
}

async function withSegment<T>(disk: Disk, name: SegmentName, use: (file: DiskFile) => Promise<T>): Promise<T> {
  const file = await disk.open(segmentFileName(name))
  try {
    return await use(file)
  } finally {
    await attempt(() => file.close())
  }
}
