/** A log in IndexedDB: one entry a record, and an entry that says who owns the log and where it ends. */
import type { IbexError } from '../errors.js'
import { crc32c } from '../value/crc32c.js'
import { cleared, closed, damaged, fenced, isFull } from './failure.js'
import { createGroupCommit } from './group-commit.js'
import { joinRecords } from './log-part.js'
import type { Damage, Log, Position } from './port.js'
import { all, ask, type Run, type StoreName, type Use } from './indexeddb-request.js'

/** Value of `logs`, by name. */
interface Head {
  readonly generation: number
  /** Position of the next record; the first has 1. */
  readonly next: Position
  readonly bytes: number
}

/** Value of `records`, by [log, position of the first]: the records of one batch, since an entry costs more than its bytes. */
interface Batch {
  readonly first: Position
  readonly bytes: Uint8Array
  readonly lengths: readonly number[]
  readonly crcs: readonly number[]
}

/** Value of `keyframes`, by [log, covers, name]. */
interface StoredKeyframe {
  readonly name: string
  readonly covers: Position
  readonly bytes: Uint8Array
  readonly crc: number
}

/** Batches are read so many at a time. */
const CHUNK = 32
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
      const first = found.next
      const crcs = payloads.map((payload, i) => checksum(first + i, payload))
      const batch: Batch = { ...joinRecords(payloads), first, crcs }
      use('records').put(batch, [name, first])
      return { ...found, next: first + payloads.length, bytes: found.bytes + batch.bytes.length }
    })
    return payloads.map((_, i) => next - payloads.length + i)
  })

  /** Up to `count` batches, from the one that has the record at `position`. */
  function batchesFrom(position: Position, count: number): Promise<Batch[]> {
    return run(['records'], 'readonly', async (use) => {
      const store = use('records')
      const cursor = await ask(store.openKeyCursor(IDBKeyRange.bound([name], [name, position]), 'prev'))
      return ask(store.getAll(IDBKeyRange.bound(cursor?.key ?? [name], [name, []]), count))
    })
  }

  /** Calls `each` for the records of a batch, with `undefined` for one that does not verify. */
  function eachOf(
    { first, bytes, lengths, crcs }: Batch,
    each: (position: Position, length: number, payload: Uint8Array | undefined) => void,
  ): void {
    let start = 0
    lengths.forEach((length, i) => {
      const payload = bytes.subarray(start, (start += length))
      each(first + i, length, crcs[i] === checksum(first + i, payload) ? payload : undefined)
    })
  }

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
      for (let at = after + 1, before = 0; at < end;) {
        const batches = at === before ? [] : await batchesFrom((before = at), CHUNK)
        for (const batch of batches) {
          const found: [Uint8Array, Position][] = []
          eachOf(batch, (position, length, payload) => {
            if (position < at || position >= end) return
            for (; at < position; at++) report('gap', at, 0)
            if (payload) found.push([payload, at])
            else report('gap', at, length)
            at++
          })
          for (const [payload, position] of found) {
            const done = each(payload, position)
            if (done instanceof Promise) await done
          }
        }
        if (batches.length === 0) for (; at < end; at++) report('gap', at, 0)
      }
    },
    async read(position) {
      const [batch] = await batchesFrom(position, 1)
      let found: Uint8Array | undefined
      if (batch) eachOf(batch, (at, _, payload) => at === position && (found = payload))
      if (!found) throw damaged(position)
      return found
    },
    async readMany(positions, each) {
      for (let i = 0; i < positions.length;) {
        // One record at least; and with it those behind, if the next is among them.
        const first = positions[i]!
        const isNear = (positions[i + 1] ?? Number.POSITIVE_INFINITY) - first < CHUNK
        const found = new Map<Position, Uint8Array | undefined>()
        let end = first
        for (const batch of await batchesFrom(first, isNear ? CHUNK : 1)) {
          eachOf(batch, (position, _, payload) => found.set((end = position), payload))
        }
        do {
          const done = each(found.get(positions[i]!), positions[i]!)
          if (done instanceof Promise) await done
        } while (++i < positions.length && positions[i]! <= end)
      }
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
        if (keyframe.crc === checksum(covers, bytes)) return { name, covers, bytes }
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

/** Bound to the position, so that a record in another's place does not verify. */
function checksum(position: Position, bytes: Uint8Array): number {
  return (crc32c(bytes) ^ position) >>> 0
}
