/** A log in IndexedDB: one entry a record, and an entry that says who owns the log and where it ends. */
import type { IbexError } from '../errors.js'
import { crc32c } from '../value/crc32c.js'
import { cleared, closed, damaged, fenced, isFull } from './failure.js'
import { createGroupCommit } from './group-commit.js'
import type { Damage, Log, Position } from './port.js'

export type StoreName = 'values' | 'logs' | 'records' | 'keyframes'
export type Use = (store: StoreName) => IDBObjectStore

/** Runs `work` in one transaction; resolves when it is complete, rejects with an `IbexError` when it is not. */
export type Run = <T>(
  stores: readonly StoreName[],
  mode: IDBTransactionMode,
  work: (use: Use) => Promise<T>,
) => Promise<T>

/** Value of `logs`, by name. */
interface Head {
  readonly generation: number
  /** Position of the next record; the first has 1. */
  readonly next: Position
  readonly bytes: number
}

/** Value of `records`, by [log, position]. */
interface StoredRecord {
  readonly position: Position
  readonly bytes: Uint8Array
  readonly crc: number
}

/** Value of `keyframes`, by [log, covers, name]. */
interface StoredKeyframe {
  readonly name: string
  readonly covers: Position
  readonly bytes: Uint8Array
  readonly crc: number
}

/** Records are read so many at a time. */
const CHUNK = 500
const KEPT_KEYFRAMES = 2

/** Opens the log, or makes it, and takes it over from whoever has it open. */
export async function openIndexedDbLog(run: Run, name: string): Promise<Log> {
  const damage: Damage[] = []
  let head: Head = { generation: 0, next: 1, bytes: 0 }
  /** 0: this owner has not taken the log over yet. */
  let generation = 0
  let refusal: (() => IbexError) | undefined

  const readHead = async (use: Use): Promise<Head> => (await ask(use('logs').get(name))) ?? { ...head, generation: 0 }

  /** Runs `work` in a transaction that finds this owner's generation, or begins it. */
  async function owning(stores: readonly StoreName[], work: (use: Use, found: Head) => Promise<Head>): Promise<Head> {
    if (refusal) throw refusal()
    head = await run(['logs', ...stores], 'readwrite', async (use) => {
      const found = await readHead(use)
      if (generation && found.generation !== generation) throw (refusal ??= found.generation ? fenced : cleared)()
      const next = { ...(await work(use, found)), generation: generation || found.generation + 1 }
      await ask(use('logs').put(next, name))
      return next
    })
    generation = head.generation
    return head
  }

  function report(kind: Damage['kind'], offset: number, bytes: number): void {
    if (damage.some((known) => known.kind === kind && known.offset === offset)) return
    damage.push({ kind, segment: kind === 'gap' ? 1 : 0, offset, bytes, records: kind === 'gap' ? 1 : 0 })
  }

  const commit = createGroupCommit(async (payloads) => {
    const { next } = await owning(['records'], async (use, found) => {
      let { next, bytes } = found
      for (const payload of payloads) {
        // A view would be stored with the whole buffer behind it.
        const record: StoredRecord = { bytes: payload.slice(), crc: checksum(next, payload), position: next }
        use('records').put(record, [name, next++])
        bytes += payload.length
      }
      return { ...found, next, bytes }
    })
    return payloads.map((_, i) => next - payloads.length + i)
  })

  try {
    await owning([], async (_, found) => found)
  } catch (error) {
    // Full: the log can be read, and every append tries again to take it over.
    if (!isFull(error)) throw error
    head = await run(['logs'], 'readonly', readHead)
  }

  return {
    damage,
    append: (payload) => (refusal ? Promise.reject(refusal()) : commit.append(payload)),
    flush: commit.flush,
    async replay(each, after = 0) {
      const end = head.next
      for (let at = after + 1; at < end;) {
        const to = Math.min(end, at + CHUNK)
        const range = IDBKeyRange.bound([name, at], [name, to], false, true)
        const records: StoredRecord[] = await run(['records'], 'readonly', (use) => ask(use('records').getAll(range)))
        const found = new Map(records.map((record) => [record.position, record]))
        for (; at < to; at++) {
          const record = found.get(at)
          if (record && verifies(record, at)) each(record.bytes, at)
          else report('gap', at, record?.bytes.length ?? 0)
        }
      }
    },
    async read(position) {
      const record: StoredRecord | undefined = await run(['records'], 'readonly', (use) =>
        ask(use('records').get([name, position])),
      )
      if (!record || !verifies(record, position)) throw damaged(position)
      return record.bytes
    },
    async writeKeyframe(keyframe, bytes, covers) {
      await owning(['keyframes'], async (use, found) => {
        const store = use('keyframes')
        const stored: StoredKeyframe = { name: keyframe, covers, bytes: bytes.slice(), crc: checksum(covers, bytes) }
        await ask(store.put(stored, [name, covers, keyframe]))
        for (const key of (await ask(store.getAllKeys(all(name)))).slice(0, -KEPT_KEYFRAMES)) store.delete(key)
        return found
      })
    },
    async newestKeyframe() {
      const stored: StoredKeyframe[] = await run(['keyframes'], 'readonly', (use) =>
        ask(use('keyframes').getAll(all(name))),
      )
      for (const keyframe of stored.reverse()) {
        const { name, covers, bytes } = keyframe
        if (verifies(keyframe, covers)) return { name, covers, bytes }
        report('keyframe', covers, bytes.length)
      }
      return undefined
    },
    size: () => ({ bytes: head.bytes, segments: 1, frames: head.next - 1 }),
    async close() {
      await commit.close()
      refusal ??= closed
    },
  }
}

/** Keys of all that belongs to a log: arrays compare part by part, so no other log's are among them. */
export function all(log: string): IDBKeyRange {
  return IDBKeyRange.bound([log], [log, []])
}

/** Bound to the position, so that a record in another's place does not verify. */
function checksum(position: Position, bytes: Uint8Array): number {
  return (crc32c(bytes) ^ position) >>> 0
}

function verifies({ bytes, crc }: StoredRecord | StoredKeyframe, position: Position): boolean {
  return crc === checksum(position, bytes)
}

export function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
