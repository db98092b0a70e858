/** The page's side of a storage in OPFS. A worker holds the files; `opfs-host.ts` is the other side. */
import { IbexError, type IbexErrorCode } from '../errors.js'
import { cleared, closed } from './failure.js'
import { createGroupCommit } from './group-commit.js'
import type { HostCalls, HostReply, LogState } from './opfs-host.js'
import type { Damage, Log, Storage, Values } from './port.js'
import { eachFound, eachRecord, joinRecords } from './log-part.js'

/** The part of a `Worker` that is used. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'error', listener: (event: { message?: string }) => void): void
  terminate(): void
}

export interface OpfsOptions {
  readonly createWorker: () => WorkerLike
  /** Any name; other names are other storages. */
  readonly folder: string
  /** Where small values lie: OPFS cannot hold a `CryptoKey`. Ends with the storage. */
  readonly values: Values
}

/** Starts the worker from the file beside this one; bundlers know this expression and take the file along. */
export function createOpfsWorker(): Worker {
  return new Worker(new URL('./opfs-worker.js', import.meta.url), { type: 'module' })
}

type Ask = <Method extends keyof HostCalls>(
  method: Method,
  args: Parameters<HostCalls[Method]>,
  transfer?: ArrayBuffer[],
) => Promise<{ value: Awaited<ReturnType<HostCalls[Method]>>; log: LogState }>

interface Connection {
  readonly ask: Ask
  /** Why the worker has ended. */
  readonly refusal: () => IbexError | undefined
  readonly end: (reason: IbexError) => void
}

function connect(worker: WorkerLike): Connection {
  const waiting = new Map<number, { resolve(reply: HostReply): void; reject(error: IbexError): void }>()
  let lastId = 0
  let refusal: IbexError | undefined

  function end(reason: IbexError): void {
    refusal ??= reason
    for (const { reject } of waiting.values()) reject(refusal)
    waiting.clear()
    worker.terminate()
  }

  worker.addEventListener('message', ({ data }) => {
    const { id, failure } = data as HostReply
    const call = waiting.get(id)
    if (failure) call?.reject(new IbexError(failure.code as IbexErrorCode, failure.message))
    else call?.resolve(data as HostReply)
    waiting.delete(id)
    // Files that were removed while open cannot even be closed (`opfs-disk.ts`): the worker goes with them.
    if (failure?.code === 'storage-cleared') end(cleared())
  })
  worker.addEventListener('error', ({ message }) => {
    end(new IbexError('storage', `The storage worker failed: ${message ?? 'it could not be loaded'}`))
  })
  return {
    refusal: () => refusal,
    end,
    ask(method, args, transfer = []) {
      if (refusal) return Promise.reject(refusal)
      return new Promise((resolve, reject) => {
        waiting.set(++lastId, { resolve: (reply) => resolve(reply as never), reject })
        worker.postMessage([lastId, method, ...args], transfer)
      })
    },
  }
}

function workerLog(ask: Ask, id: number, opened: LogState): Log {
  const damage: Damage[] = [...opened.damage]
  let state = opened
  async function call<Method extends keyof HostCalls>(
    method: Method,
    args: Parameters<HostCalls[Method]>,
    transfer?: ArrayBuffer[],
  ): Promise<Awaited<ReturnType<HostCalls[Method]>>> {
    const { value, log } = await ask(method, args, transfer)
    state = log
    damage.splice(0, damage.length, ...log.damage)
    return value
  }
  const commit = createGroupCommit(async (payloads) => {
    const { bytes, lengths } = joinRecords(payloads)
    return call('append', [id, bytes, lengths], [bytes.buffer])
  }, true)
  return {
    damage,
    append: commit.append,
    flush: commit.flush,
    async replay(each, after = 0) {
      const { end } = state
      for (let part; (part = await call('part', [id, after, end]));) after = await eachRecord(part, each)
    },
    read: (position) => call('read', [id, position]),
    readMany: (positions, each) => eachFound(positions, (some) => call('found', [id, some]), each),
    writeKeyframe: (name, bytes, covers) => call('writeKeyframe', [id, name, bytes, covers]),
    newestKeyframe: () => call('newestKeyframe', [id]),
    size: () => state.size,
    async close() {
      await commit.close()
      await call('closeLog', [id])
    },
  }
}

/** Opens a storage in OPFS; throws `storage` where OPFS, or the worker, does not work. */
export async function openOpfsStorage({ createWorker, folder, values }: OpfsOptions): Promise<Storage> {
  async function start(): Promise<Connection> {
    const made = connect(createWorker())
    try {
      await made.ask('start', [folder])
      return made
    } catch (error) {
      made.end(closed())
      throw error
    }
  }
  let connection = start()
  let open = true

  /** The worker; a new one if the files were removed under the last. */
  async function living(): Promise<Connection> {
    if (open && (await connection).refusal()?.code === 'storage-cleared') connection = start()
    return connection
  }

  async function finish(method: 'close' | 'destroy'): Promise<void> {
    if (!open) return
    const { ask, end } = await living()
    open = false
    try {
      await ask(method, [])
    } finally {
      end(closed())
      await values[method]()
    }
  }

  await connection
  return {
    mode: 'opfs',
    async openLog(name, { marker } = {}) {
      const once = async (): Promise<Log> => {
        const { ask } = await living()
        const { value, log } = await ask('open', marker ? [name, marker] : [name])
        return workerLog(ask, value, log)
      }
      return once().catch((error: IbexError) => {
        if (error.code === 'storage-cleared') return once()
        throw error
      })
    },
    get: values.get,
    put: values.put,
    delete: values.delete,
    list: async () => (await (await living()).ask('list', [])).value,
    destroy: () => finish('destroy'),
    close: () => finish('close'),
  }
}
