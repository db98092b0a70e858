/** A storage that ends with the page or process: for tests, and where nothing else works. */
import { closed, damaged, fenced } from './failure.js'
import type { Keyframe, Log, Storage, Values } from './port.js'

interface Kept {
  readonly records: Uint8Array[]
  /** Of all records. */
  bytes: number
  keyframe?: Keyframe
  /** Ends the present owner, giving what it answers from then on. */
  end?: (refusal: () => Error) => void
}

/** Small values in memory; they are not copied. */
export function createMemoryValues(): Values {
  const values = new Map<string, unknown>()
  return {
    get: async (key) => values.get(key),
    put: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
    destroy: async () => values.clear(),
    close: async () => {},
  }
}

/** Logs outlive their closing as long as the storage itself is held. */
export function createMemoryStorage(): Storage {
  const logs = new Map<string, Kept>()
  const values = createMemoryValues()
  const close = async (): Promise<void> => {
    for (const kept of logs.values()) kept.end?.(closed)
  }
  return {
    mode: 'memory',
    ...values,
    async openLog(name) {
      const kept: Kept = logs.get(name) ?? { records: [], bytes: 0 }
      logs.set(name, kept)
      return openMemoryLog(kept)
    },
    list: async () => [...logs.keys()],
    async destroy() {
      await close()
      logs.clear()
      await values.destroy()
    },
    close,
  }
}

function openMemoryLog(kept: Kept): Log {
  let refusal: (() => Error) | undefined
  kept.end?.(fenced)
  kept.end = (reason) => void (refusal ??= reason)
  const { records } = kept
  return {
    damage: [],
    async replay(each, after = 0) {
      const end = records.length
      for (let i = after; i < end; i++) {
        const done = each(records[i]!, i + 1)
        if (done instanceof Promise) await done
      }
    },
    async append(payload) {
      if (refusal) throw refusal()
      kept.bytes += payload.length
      return records.push(payload.slice())
    },
    async flush() {},
    async read(position) {
      const record = records[position - 1]
      if (!record) throw damaged(position)
      return record
    },
    async readMany(positions, each) {
      for (const position of positions) {
        const done = each(records[position - 1], position)
        if (done instanceof Promise) await done
      }
    },
    async writeKeyframe(name, bytes, covers) {
      if (refusal) throw refusal()
      if (covers >= (kept.keyframe?.covers ?? 0)) kept.keyframe = { name, bytes: bytes.slice(), covers }
    },
    newestKeyframe: async () => kept.keyframe,
    size: () => ({ bytes: kept.bytes, segments: 1, frames: records.length }),
    async close() {
      refusal ??= closed
    },
  }
}
