/** Runs storages inside a page; `storage.test.ts` drives it from outside. */
import { openBrowserStorage } from '../../../src/storage/browser.js'
import { encodeFileName } from '../../../src/storage/file-name.js'
import { createOpfsWorker } from '../../../src/storage/opfs.js'
import type { Damage, Log, Storage } from '../../../src/storage/port.js'
import { offsetOf } from '../../../src/storage/segment-file.js'
import { CASES, type Device } from '../../storage/conformance.js'

type Mode = 'opfs' | 'indexeddb'

const open = (mode: Mode, folder: string): Promise<Storage> =>
  openBrowserStorage({ mode, folder, indexedDB, createWorker: createOpfsWorker })

const clonable = {
  make: () => crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']),
  async check(value: unknown): Promise<boolean> {
    const { privateKey, publicKey } = value as CryptoKeyPair
    const message = new Uint8Array([1, 2, 3])
    const signature = await crypto.subtle.sign('Ed25519', privateKey, message)
    return !privateKey.extractable && crypto.subtle.verify('Ed25519', publicKey, signature, message)
  },
}

const devices: Record<Mode, (folder: string) => Device> = {
  opfs: (folder) => ({
    open: () => open('opfs', folder),
    rival: () => open('opfs', folder),
    rivals: 'wait',
    durable: true,
    clonable,
    corruptRecord: (_, log, position) => flipFile(folder, log, /^segment/, offsetOf(position) + 21),
    corruptKeyframe: (_, log, name) => flipFile(folder, log, new RegExp(`-${encodeFileName(name)}$`), 30),
  }),
  indexeddb: (folder) => ({
    open: () => open('indexeddb', folder),
    rival: () => open('indexeddb', folder),
    rivals: 'take over',
    durable: true,
    clonable,
    corruptRecord: (_, log, position) =>
      flipEntry(folder, 'records', (key) => key[0] === log && Number(key[1]) <= position, position),
    corruptKeyframe: (_, log, name) => flipEntry(folder, 'keyframes', (key) => key[0] === log && key[2] === name),
  }),
}

async function folderOf(folder: string, log: string): Promise<FileSystemDirectoryHandle> {
  let handle = await navigator.storage.getDirectory()
  for (const name of ['ibex', encodeFileName(folder), `log${encodeFileName(log)}`]) {
    handle = await handle.getDirectoryHandle(name)
  }
  return handle
}

async function fileOf(folder: string, log: string, name: RegExp): Promise<FileSystemFileHandle> {
  const entries = (
    (await folderOf(folder, log)) as unknown as { entries(): AsyncIterable<[string, FileSystemFileHandle]> }
  ).entries()
  const found: [string, FileSystemFileHandle][] = []
  for await (const entry of entries) if (name.test(entry[0])) found.push(entry)
  return found.sort(([a], [b]) => (a < b ? -1 : 1)).at(-1)![1]
}

async function flipFile(folder: string, log: string, name: RegExp, offset: number): Promise<void> {
  const handle = await fileOf(folder, log, name)
  const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer())
  const out = await handle.createWritable({ keepExistingData: true })
  await out.write({ type: 'write', position: offset, data: new Uint8Array([bytes[offset]! ^ 4]) })
  await out.close()
}

/** Of the last entry that is `wanted`; in the record at `position`, if that is one of a batch. */
async function flipEntry(
  folder: string,
  store: string,
  wanted: (key: unknown[]) => boolean,
  position?: number,
): Promise<void> {
  const ask = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const database = await ask(indexedDB.open(`ibex:${folder}`))
  const entries = database.transaction(store, 'readwrite').objectStore(store)
  const key = (await ask(entries.getAllKeys())).findLast((key) => wanted(key as unknown[]))!
  const value = (await ask(entries.get(key))) as {
    bytes: Uint8Array
    first: number
    lengths: number[]
  }
  const before = position === undefined ? [] : value.lengths.slice(0, position - value.first)
  value.bytes[before.reduce((sum, length) => sum + length, 0)]! ^= 4
  await ask(entries.put(value, key))
  database.close()
}

/** A record that says its number; its bytes look like chance, so that no database makes them fewer. */
function drop(number: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let state = number + 1
  for (let i = 4; i < size; i++) bytes[i] = (state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 24
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

/** What tests call through `page.evaluate`. */
const face = {
  cases: (mode: Mode) => {
    const device = devices[mode]('')
    return CASES.filter(({ applies }) => applies?.(device) ?? true).map(({ name }) => name)
  },
  async run(mode: Mode, name: string): Promise<void> {
    await CASES.find((known) => known.name === name)!.run(devices[mode](`case ${name}`))
  },

  /** Opens new folders, each from several sides at once; answers which storages they got. */
  async race(folders: number): Promise<string[]> {
    const modes = new Set<string>()
    for (let n = 0; n < folders; n++) {
      const options = { folder: `race ${n}`, mode: 'auto', indexedDB, createWorker: createOpfsWorker } as const
      const opened = await Promise.all(Array.from({ length: 12 }, () => openBrowserStorage(options)))
      for (const storage of opened) modes.add(storage.mode)
      await Promise.all(opened.map((storage) => storage.close()))
    }
    return [...modes]
  },

  storage: undefined as Storage | undefined,
  log: undefined as Log | undefined,
  async openLog(mode: Mode, name = 'log'): Promise<void> {
    face.storage ??= await open(mode, 'app')
    face.log = await face.storage.openLog(name)
  },
  async append(text: string): Promise<void> {
    await face.log!.append(new TextEncoder().encode(text))
  },
  async texts(): Promise<string[]> {
    const found: string[] = []
    await face.log!.replay((payload) => found.push(new TextDecoder().decode(payload)))
    return found
  },
  damage: (): Damage[] => [...face.log!.damage],
  flip: (position: number) => flipFile('app', 'log', /^segment/, position),
  /** Cuts bytes off the newest segment. */
  async cut(bytes: number): Promise<void> {
    const handle = await fileOf('app', 'log', /^segment/)
    const out = await handle.createWritable({ keepExistingData: true })
    await out.truncate((await handle.getFile()).size - bytes)
    await out.close()
  },

  /** Appends records of `size` bytes without end, one after the other; counts what was acknowledged in the title. */
  async pour(size: number): Promise<void> {
    for (let i = 0; ; i++) {
      await face.log!.append(drop(i, size))
      document.title = String(i + 1)
    }
  },
  /** The same, until three appends were refused; gives their codes. */
  async pourUntilRefused(size: number): Promise<string[]> {
    const codes: string[] = []
    for (let i = 0; codes.length < 3;) {
      const code = await face.codeOf(() => face.log!.append(drop(i, size)))
      if (code === 'none') i++
      else codes.push(code)
    }
    return codes
  },
  /** Numbers of the records that `pour` wrote; throws for one that is not whole. */
  async poured(): Promise<number[]> {
    const found: number[] = []
    await face.log!.replay((payload) => {
      const number = new DataView(payload.buffer, payload.byteOffset).getUint32(0)
      const expected = drop(number, payload.length)
      for (let i = 0; i < expected.length; i++) {
        if (payload[i] !== expected[i]) throw new Error(`record ${number} is wrong`)
      }
      found.push(number)
    })
    return found
  },

  /** The mode of an `auto` storage where parts of the browser are missing. */
  async auto(missing: {
    opfs?: 'no worker' | 'worker fails' | 'worker refused'
    indexedDB?: boolean
  }): Promise<string> {
    face.storage = await openBrowserStorage({
      folder: 'app',
      indexedDB: missing.indexedDB ? undefined : indexedDB,
      createWorker: {
        'no worker': undefined,
        'worker fails': () => new Worker('/no/such/file.js', { type: 'module' }),
        'worker refused': () => {
          throw new Error('refused by policy')
        },
        works: createOpfsWorker,
      }[missing.opfs ?? 'works'],
    })
    face.log = await face.storage.openLog('log')
    return face.storage.mode
  },
  codeOf: (act: () => Promise<unknown>): Promise<string> =>
    act().then(
      () => 'none',
      (error: { code?: string; message?: string }) => error.code ?? error.message ?? '',
    ),
}

export type Face = typeof face
Object.assign(globalThis, { face })
