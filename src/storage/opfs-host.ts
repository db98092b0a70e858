/** The worker's side of a storage in OPFS: runs the logs and answers the page. `opfs.ts` is the other side. */
import type { DiskTree } from './disk.js'
import { createDiskStorage, type DiskStorage } from './disk-storage.js'
import { closed, storageFailure } from './failure.js'
import type { FoundRecords, LogPart } from './log-part.js'
import { createMemoryValues } from './memory.js'
import type { Damage, Keyframe, LogSize, Position } from './port.js'
import type { SegmentLog } from './segment-log.js'

/** What the page may ask of its worker; a log is known by the number that `open` gives. */
export interface HostCalls {
  /** Opens the folder; rejects where OPFS does not work. */
  start(folder: string): Promise<void>
  open(name: string, marker?: Uint8Array): Promise<number>
  /** Appends the records that lie in `bytes` one after the other. */
  append(log: number, bytes: Uint8Array, lengths: readonly number[]): Promise<Position[]>
  part(log: number, after: Position, end: Position): Promise<LogPart | undefined>
  read(log: number, position: Position): Promise<Uint8Array>
  found(log: number, positions: readonly Position[]): Promise<FoundRecords>
  writeKeyframe(log: number, name: string, bytes: Uint8Array, covers: Position): Promise<void>
  newestKeyframe(log: number): Promise<Keyframe | undefined>
  closeLog(log: number): Promise<void>
  list(): Promise<string[]>
  destroy(): Promise<void>
  close(): Promise<void>
}

export type HostRequest = readonly [id: number, method: keyof HostCalls, ...args: unknown[]]

export interface HostReply {
  readonly id: number
  readonly value?: unknown
  readonly failure?: { readonly code: string; readonly message: string }
  /** How the log that was asked about is now. */
  readonly log?: LogState
}

export interface LogState {
  readonly damage: readonly Damage[]
  readonly size: LogSize
  readonly end: Position
}

/** One end of a pipe of structured-cloneable messages, as a worker has in its global scope. */
export interface HostPort {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
}

/** Answers what arrives on `port`. */
export function serveStorage(
  port: HostPort,
  openTree: (folder: string) => Promise<DiskTree>,
  marker: () => Uint8Array,
): void {
  let storage: DiskStorage | undefined
  const logs: SegmentLog[] = []
  const opened = (): DiskStorage => {
    if (!storage) throw closed()
    return storage
  }
  const calls: HostCalls = {
    async start(folder) {
      storage = createDiskStorage({ mode: 'opfs', tree: await openTree(folder), values: createMemoryValues(), marker })
    },
    open: async (name, given) => logs.push(await opened().openLog(name, given ? { marker: given } : {})) - 1,
    append(log, bytes, lengths) {
      let at = 0
      return Promise.all(lengths.map((length) => logs[log]!.append(bytes.subarray(at, (at += length)))))
    },
    part: (log, after, end) => logs[log]!.readPart(after, end),
    read: (log, position) => logs[log]!.read(position),
    found: (log, positions) => logs[log]!.readFound(positions),
    writeKeyframe: (log, name, bytes, covers) => logs[log]!.writeKeyframe(name, bytes, covers),
    newestKeyframe: (log) => logs[log]!.newestKeyframe(),
    closeLog: (log) => logs[log]!.close(),
    list: async () => opened().list(),
    destroy: async () => opened().destroy(),
    close: async () => opened().close(),
  }

  async function answer([id, method, ...args]: HostRequest): Promise<void> {
    const transfer: ArrayBuffer[] = []
    let reply: HostReply = { id }
    try {
      const value = await (calls[method] as (...args: unknown[]) => Promise<unknown>)(...args)
      const bytes = value instanceof Uint8Array ? value : (value as { bytes?: unknown } | undefined)?.bytes
      if (bytes instanceof Uint8Array) transfer.push(bytes.buffer as ArrayBuffer)
      reply = { id, value }
    } catch (error) {
      const { code, message } = storageFailure(error)
      reply = { id, failure: { code, message } }
    }
    const log = logs[(method === 'open' ? reply.value : args[0]) as number]
    if (log) reply = { ...reply, log: { damage: log.damage, size: log.size(), end: log.end() } }
    port.postMessage(reply, transfer)
  }

  port.addEventListener('message', ({ data }) => void answer(data as HostRequest))
}
