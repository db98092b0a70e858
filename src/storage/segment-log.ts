/**
 * A log in files of one folder: `manifest`, `segment-NNNNNN-<generation>.log`, `keyframe-<covers>-<name>`.
 *
 * Two rules carry it. A record is acknowledged after it was synced and, after that, the manifest still named this owner; so
 * whoever takes over, raising the generation before looking, sees every acknowledged record. And after any failure, crash or
 * take-over writing goes on in a new segment, whose header says where the one before it ends; so nothing is ever written
 * beside bytes of which nothing is known.
 */
import type { IbexError } from '../errors.js'
import { attempt, writeAll, type Disk, type DiskFile } from './disk.js'
import { cleared, closed, damaged, fenced, isFull, storageFailure } from './failure.js'
import { encodeFrames, FRAME_HEADER, frameLength } from './frame.js'
import { createGroupCommit, createTurns } from './group-commit.js'
import { keyframeFiles, readNewestKeyframe, writeKeyframeFile } from './keyframe-file.js'
import { eachFound, eachRecord, type FoundRecords, type LogPart } from './log-part.js'
import type { Marker } from './manifest.js'
import { createOwnership } from './ownership.js'
import type { Damage, Log, Position } from './port.js'
import { readChain, reportGaps } from './segment-chain.js'
import {
  offsetOf,
  parseSegmentFileName,
  positionOf,
  scanSegment,
  SEGMENT_HEADER,
  segmentFileName,
  segmentMarker,
  segmentOf,
  encodeSegmentHeader,
  type Segment,
  type SegmentName,
} from './segment-file.js'

export interface SegmentLogOptions {
  /** Draws 8 unpredictable bytes, for a log that is new. */
  readonly marker: () => Uint8Array
  /** A segment of this many bytes or more is followed by a new one. */
  readonly rotateAt?: number
}

export interface SegmentLog extends Log {
  /** Records after `after` and up to `end`, of the first segment that has any. */
  readPart(after: Position, end: Position): Promise<LogPart | undefined>
  /** Records at the first of these positions, which ascend: at one of them at least. */
  readFound(positions: readonly Position[]): Promise<FoundRecords>
  /** Position of the last durable record, or 0. */
  end(): Position
  /** Another owner in this process takes over: what waits is refused, the files are let go of. */
  fence(): Promise<void>
}

const ROTATE_AT = 8 * 1024 * 1024

/** Opens the log in a folder, or makes it, and takes it over from whoever has it open. */
export async function openSegmentLog(disk: Disk, options: SegmentLogOptions): Promise<SegmentLog> {
  const { rotateAt = ROTATE_AT } = options
  const damage: Damage[] = []
  const turn = createTurns()
  const owner = createOwnership(disk)
  let isOpen = true
  let segments: Segment[] = []
  /** Why nothing is appended any more: fenced or closed. */
  let refusal: (() => IbexError) | undefined
  let lastNumber = 0
  /** No durable record lies beyond this position. */
  let last: Position = 0
  /** The segment that is being written; not among `segments` before it has a durable record. */
  let current: { segment: Segment; file: DiskFile; isNew: boolean } | undefined
  /** An older segment, kept open for the next read. */
  let reading: { segment: Segment; file: DiskFile } | undefined

  function report(found: Damage): void {
    const index = damage.findIndex((known) => known.segment === found.segment && known.offset === found.offset)
    if (index < 0) damage.push(found)
    else if (found.records > damage[index]!.records) damage[index] = found
  }

  async function load(): Promise<void> {
    await stopReading()
    const files = await owner.take(
      async (found) => (await readChain(disk, found, undefined, 0, () => {})).marker ?? markerOf(options.marker()),
    )
    const { before, generation, marker } = owner
    const { number = 0, size = 0, frames = 0 } = before ?? {}
    const covered = keyframeFiles(files)[0]?.covers ?? 0
    const chain = await readChain(disk, files, marker, covered, report)
    segments = chain.segments
    const head = segments.at(-1)
    lastNumber = Math.max(number, segmentOf(covered), ...files.map((file) => parseSegmentFileName(file)?.number ?? 0))
    if (number > (head?.number ?? 0) || (number === head?.number && frames > head.frames)) {
      const at = number === head?.number ? head : { size: 0, frames: 0 }
      report({ kind: 'gap', segment: number, offset: at.size, bytes: size - at.size, records: frames - at.frames })
    }
    if (!head) return
    last = positionOf(head.number, head.size - 1)
    if (!owner.taken) return
    // Closed in order, and nobody took it over since: no other generation lies between.
    const untouched =
      before?.clean === true && generation === before.generation + 1 && number === head.number && size === head.size
    const file = await disk.open(segmentFileName(head))
    // What a crashed owner wrote and did not sync is about to be built upon.
    if (!untouched) await file.flush()
    if (chain.whole && head.number === lastNumber && (disk.exclusive || untouched) && last >= covered) {
      current = { segment: head, file, isNew: false }
    } else reading = { segment: head, file }
  }

  /** Takes the log over now if the disk was too full at opening. */
  async function requireTakenOver(): Promise<void> {
    if (refusal) throw refusal()
    if (!owner.taken) await load()
    if (!owner.taken) throw Object.assign(new Error('No room to take the log over'), { code: 'ENOSPC' })
  }

  async function requireOwnership(): Promise<void> {
    if (!(await owner.holds())) refusal ??= fenced
    if (refusal) throw refusal()
  }

  /** Where nothing can be trusted any more of what was written last: the segment ends at its last durable record. */
  async function abandon(): Promise<void> {
    const given = current
    current = undefined
    if (given) {
      const { segment, file, isNew } = given
      // Where others can open the file, one who took over may count on what lies there.
      if (!isNew && disk.exclusive) await attempt(() => file.truncate(segment.size))
      await attempt(() => file.close())
      if (isNew) await attempt(() => disk.remove(segmentFileName(segment)))
      else await verify(segment)
    }
    // Reopened by name: a folder that was removed, or given to another owner, must not be written to.
    await owner.reopen()
    await requireOwnership()
  }

  /** Reading what was acknowledged back; what is found goes to `damage`. */
  async function verify(segment: Segment): Promise<void> {
    await attempt(async () => void (await scan(await open(segment), segment)))
  }

  async function scan(file: DiskFile, segment: Segment, from?: number): ReturnType<typeof scanSegment> {
    const found = await scanSegment(file, segment, segment.size, from)
    reportGaps(segment, found.base, found.gaps, report)
    const offset = found.base + found.end
    const records = segment.frames - found.next
    if (records > 0) report({ kind: 'gap', segment: segment.number, offset, bytes: segment.size - offset, records })
    return found
  }

  async function open(segment: Segment): Promise<DiskFile> {
    if (current?.segment === segment) return current.file
    if (reading?.segment !== segment) {
      await stopReading()
      reading = { segment, file: await disk.open(segmentFileName(segment)) }
    }
    return reading.file
  }

  async function stopReading(): Promise<void> {
    const before = reading
    reading = undefined
    if (before) await attempt(() => before.file.close())
  }

  async function startSegment(): Promise<void> {
    if (current) {
      await attempt(() => current!.file.close())
      current = undefined
    }
    const name: SegmentName = { number: ++lastNumber, generation: owner.generation }
    const before = segments.at(-1)
    current = {
      segment: {
        ...name,
        marker: segmentMarker(owner.marker, name),
        size: 0,
        frames: 0,
        before: before ? before.before + before.frames : 0,
      },
      file: await disk.create(segmentFileName(name)),
      isNew: true,
    }
  }

  async function write(payloads: readonly Uint8Array[]): Promise<Position[]> {
    if (!current || current.segment.size >= rotateAt) await startSegment()
    const { segment, file, isNew } = current!
    const { bytes, starts } = encodeFrames(segment.marker, segment.frames, payloads, isNew ? SEGMENT_HEADER : 0)
    if (isNew) {
      const previous = segments.at(-1) ?? { number: 0, generation: 0, size: 0, frames: 0 }
      bytes.set(encodeSegmentHeader(segment, { marker: owner.marker, previous, before: segment.before }))
    }
    await writeAll(file, segment.size, bytes)
    await file.flush()
    await requireOwnership()
    const positions = starts.map((start) => positionOf(segment.number, segment.size + start))
    segment.size += bytes.length
    segment.frames += payloads.length
    last = positions.at(-1)!
    if (isNew) {
      segments.push(segment)
      current!.isNew = false
    }
    return positions
  }

  async function writeBatch(payloads: readonly Uint8Array[]): Promise<Position[]> {
    await requireTakenOver()
    try {
      return await write(payloads)
    } catch (error) {
      if (refusal) throw error
      await abandon()
      if (isFull(error)) throw error
    }
    try {
      return await write(payloads)
    } catch (error) {
      if (!refusal) await abandon()
      throw error
    }
  }

  const commit = createGroupCommit((payloads) => guarded(() => writeBatch(payloads)))

  /** One step at a time on the files, with the errors that the port promises. */
  function guarded<T>(step: () => Promise<T>): Promise<T> {
    return turn(step).catch((error) => {
      const failure = storageFailure(error)
      if (failure.code === 'storage-cleared') refusal ??= cleared
      throw failure
    })
  }

  async function letGo(): Promise<void> {
    await commit.close()
    await turn(async () => {
      if (isOpen && owner.taken && !refusal) {
        const head = segments.at(-1)
        await attempt(async () => {
          await requireOwnership()
          await owner.sign(head ?? { number: 0, size: 0, frames: 0 })
        })
      }
      for (const file of [current?.file, reading?.file, owner]) await attempt(() => file?.close())
      current = reading = undefined
      isOpen = false
      refusal ??= closed
    })
  }

  const log: SegmentLog = {
    damage,
    append: (payload) => (refusal ? Promise.reject(refusal()) : commit.append(payload)),
    flush: commit.flush,
    end: () => last,
    async readPart(after, end) {
      return guarded(async () => {
        if (!isOpen) throw closed()
        for (const segment of segments) {
          if (positionOf(segment.number, segment.size) <= after) continue
          const from = segmentOf(after) === segment.number ? offsetOf(after) : undefined
          const { frames, bytes, origin } = await scan(await open(segment), segment, from)
          const wanted: number[] = []
          for (let i = 0; i < frames.length; i += 2) {
            const position = origin + frames[i]!
            if (position > after && position <= end) wanted.push(frames[i]!, frames[i + 1]!)
          }
          if (wanted.length > 0) return { bytes, origin, frames: wanted }
        }
        return undefined
      })
    },
    async replay(each, after = 0) {
      const end = last
      for (let part; (part = await log.readPart(after, end));) after = await eachRecord(part, each)
    },
    async read(position) {
      const { bytes, frames } = await log.readFound([position])
      const [start, length] = frames as [number, number]
      if (length < 0) throw damaged(position)
      return bytes.slice(start, start + length)
    },
    readFound(positions) {
      return guarded(async () => {
        if (!isOpen) throw closed()
        const [first] = positions as [Position]
        const segment = segments.find(({ number }) => number === segmentOf(first))
        if (!segment || first > last) return { bytes: new Uint8Array(), frames: [0, -1] }
        const from = offsetOf(first)
        const starts = [0]
        for (const position of positions.slice(1)) {
          const start = offsetOf(position) - from
          const isNear = start - starts.at(-1)! < GAP && start < AT_ONCE
          if (segmentOf(position) !== segment.number || position > last || !isNear) break
          starts.push(start)
        }
        const end = starts.at(-1)!
        const file = await open(segment)
        let bytes = await file.read(from, Math.min(end + FIRST_READ, segment.size - from))
        if (bytes.length >= end + FRAME_HEADER) {
          const length = end + FRAME_HEADER + new DataView(bytes.buffer, bytes.byteOffset).getUint32(end + 4)
          if (length > bytes.length && length <= segment.size - from) bytes = await file.read(from, length)
        }
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
        const frames = starts.flatMap((start) => [
          start + FRAME_HEADER,
          frameLength(bytes, view, segment.marker, start),
        ])
        return { bytes, frames }
      })
    },
    readMany: (positions, each) => eachFound(positions, log.readFound, each),
    writeKeyframe(name, bytes, covers) {
      return guarded(async () => {
        await requireTakenOver()
        await requireOwnership()
        await writeKeyframeFile(disk, { name, bytes, covers })
      })
    },
    newestKeyframe() {
      return guarded(() => readNewestKeyframe(disk, report))
    },
    size() {
      const head = segments.at(-1)
      return {
        bytes: segments.reduce((sum, segment) => sum + segment.size, 0),
        segments: segments.length,
        frames: head ? head.before + head.frames : 0,
      }
    },
    close: letGo,
    fence() {
      refusal ??= fenced
      return letGo()
    },
  }

  try {
    await load()
  } catch (error) {
    refusal = closed
    await letGo()
    throw storageFailure(error)
  }
  return log
}

/** Most records are smaller: one read is enough. */
const FIRST_READ = 2048
/** So many bytes are read at once, and not more than so many in vain. */
const AT_ONCE = 1024 * 1024
const GAP = 64 * 1024

function markerOf(bytes: Uint8Array): Marker {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return [view.getUint32(0), view.getUint32(4)]
}
