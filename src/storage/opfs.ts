/** The page's side of a storage in OPFS. A worker holds the files; `opfs-host.ts` is the other side. */
import { IbexError, type IbexErrorCode } from '../errors.js'
import { closed } from './failure.js'
import { createGroupCommit } from './group-commit.js'
import type { HostCalls, HostReply, LogState } from './opfs-host.js'
import type { Damage, Log, Storage, Values } from './port.js'
import { eachRecord } from './log-part.js'

/** The part of a `Worker` that is used. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'error', listener: (event: { message?: unknown }) => void): void
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

/** Opens a storage in OPFS; throws `storage` where OPFS, or the worker, does not work. */
export async function openOpfsStorage({ createWorker, folder, values }: OpfsOptions): Promise<Storage> {
  const worker = createWorker()
  const waiting = new Map<number, { resolve(reply: HostReply): void; reject(error: IbexError): void }>()
  let lastId = 0
  let refusal: IbexError | undefined

  function end(reason: IbexError): void {
    refusal ??= reason
    for (const { reject } of waiting.values()) reject(reason)
    waiting.clear()
    worker.terminate()
  }

  worker.addEventListener('message', ({ data }) => {
    const reply = data as HostReply
    const call = waiting.get(reply.id)
    waiting.delete(reply.id)
    if (reply.failure) call?.reject(new IbexError(reply.failure.code as IbexErrorCode, reply.failure.message))
    else call?.resolve(reply)
  })
  worker.addEventListener('error', ({ message }) =>
    end(new IbexError('storage', `The storage worker failed: ${String(message ?? 'it could not be loaded')}`)),
  )

  function ask<Method extends keyof HostCalls>(
    method: Method,
    args: Parameters<HostCalls[Method]>,
    transfer: ArrayBuffer[] = [],
  ): Promise<{ value: Awaited<ReturnType<HostCalls[Method]>>; log: LogState }> {
    if (refusal) return Promise.reject(refusal)
    return new Promise((resolve, reject) => {
      waiting.set(++lastId, { resolve: (reply) => resolve(reply as never), reject })
      worker.postMessage([lastId, method, ...args], transfer)
    })
  }

  function openLog(id: number, opened: LogState): Log {
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
      const lengths = payloads.map((payload) => payload.length)
      const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
      let at = 0
      for (const payload of payloads) {
        bytes.set(payload, at)
        at += payload.length
      }
      return call('append', [id, bytes, lengths], [bytes.buffer])
    }, true)
    return {
      damage,
      append: commit.append,
      flush: commit.flush,
      async replay(each, after = 0) {
        const { end } = state
        for (let part; (part = await call('part', [id, after, end]));) after = eachRecord(part, each)
      },
      read: (position) => call('read', [id, position]),
      writeKeyframe: (name, bytes, covers) => call('writeKeyframe', [id, name, bytes, covers]),
      newestKeyframe: () => call('newestKeyframe', [id]),
      size: () => state.size,
      async close() {
        await commit.close()
        await call('closeLog', [id])
      },
    }
  }

  async function finish(method: 'close' | 'destroy'): Promise<void> {
    if (refusal) return
    await ask(method, [])
    end(closed())
    await values[method]()
  }

  try {
    await ask('start', [folder])
  } catch (error) {
    end(closed())
    throw error
  }
  return {
    mode: 'opfs',
    async openLog(name, { marker } = {}) {
      const { value, log } = await ask('open', marker ? [name, marker] : [name])
      return openLog(value, log)
    },
    get: values.get,
    put: values.put,
    delete: values.delete,
    list: async () => (await ask('list', [])).value,
    destroy: () => finish('destroy'),
    close: () => finish('close'),
  }
}
