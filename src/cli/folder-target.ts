/** The folder of a server as a target: read beside a server that runs, or owned where none does. */
import { resolve } from 'node:path'
import type { SigningKey } from '../crypto/port.js'
import { IbexError } from '../errors.js'
import { type RepositoryPath, requireRepositoryPath } from '../ids.js'
import type { AnySchema } from '../schema/schema.js'
import { readAuthorityKey } from '../server/authority-key.js'
import { openFileStorage, readFileStorage } from '../server/file-disk.js'
import { claimFolder, describeHolder, holderOf } from '../server/folder-claim.js'
import type { Storage } from '../storage/port.js'
import { equalBytes } from '../value/bytes.js'
import type { Io } from './io.js'
import { buildTarget, type Makings, type Target, type TargetOptions } from './replica-target.js'

/**
 * `sign`: to sign a recording, as the authority where its key is at hand; `write`: to change what is there, which only a
 * server or its authority may.
 */
export type Purpose = 'look' | 'sign' | 'write'

/** Throws `storage` where there is nothing, `storage-fenced` where a server has what is to be written to. */
export async function openFolder(
  io: Io,
  options: TargetOptions,
  schemas: AnySchema[],
  purpose: Purpose,
): Promise<Target> {
  const folder = resolve(io.cwd, options.data)
  const storage = await readFileStorage(folder)
  try {
    const path = await choose(io, options, folder, storage)
    if (purpose === 'write') return await openOwned(io, options, folder, { schemas, path })
    const key = purpose === 'sign' ? await findKey(io, options, folder, storage) : undefined
    return await openOn(storage, { schemas, path, ...(key && { key }) })
  } catch (error) {
    await storage.close()
    throw error
  }
}

/** With the authority's key, as its owner: only where no server has it. */
async function openOwned(
  io: Io,
  options: TargetOptions,
  folder: string,
  makings: Pick<Makings, 'schemas' | 'path'>,
): Promise<Target> {
  const holder = await holderOf(folder)
  if (holder) throw new IbexError('storage-fenced', describeHolder(folder, holder))
  const release = await claimFolder(folder)
  const storage = await openFileStorage(folder)
  try {
    const key = await ownKey(io, options, folder, storage)
    const target = await openOn(storage, { ...makings, key })
    return {
      ...target,
      async close() {
        await target.close()
        await release()
      },
    }
  } catch (error) {
    await storage.close()
    await release()
    throw error
  }
}

async function openOn(storage: Storage, makings: Omit<Makings, 'storage'>): Promise<Target> {
  const { store, finish } = await buildTarget({ ...makings, storage })
  await store.ready()
  const target = await finish()
  return {
    ...target,
    async close() {
      await target.close()
      await storage.close()
    },
  }
}

/** The authority's key, which must be there. */
async function ownKey(io: Io, options: TargetOptions, folder: string, storage: Storage): Promise<SigningKey> {
  const key = await findKey(io, options, folder, storage)
  if (key) return key
  const place = keyFolder(io, options, folder)
  throw new IbexError('bad-option', `There is no authority key in ${place}: say where it is with --authority <folder>.`)
}

function keyFolder({ cwd }: Io, { authority }: TargetOptions, folder: string): string {
  return authority === undefined ? `${folder}.authority` : resolve(cwd, authority)
}

/** The authority's key, if it is there. What was sealed by one key is worth nothing under another. */
async function findKey(
  io: Io,
  options: TargetOptions,
  folder: string,
  storage: Storage,
): Promise<SigningKey | undefined> {
  const place = keyFolder(io, options, folder)
  const key = await readAuthorityKey(place, io.note)
  if (!key) return undefined
  const owner = await storage.get('authority')
  if (owner instanceof Uint8Array && equalBytes(owner, key.publicKey)) return key
  throw new IbexError('wrong-authority', `The key in ${place} is not the one under which ${folder} was written.`)
}

/** The repository that is meant, of those that are there. */
async function choose(io: Io, options: TargetOptions, folder: string, storage: Storage): Promise<RepositoryPath> {
  const there = (await storage.list()).filter((name) => !name.startsWith('/sys/')).sort()
  const wanted = options.in === undefined ? undefined : requireRepositoryPath(options.in)
  const found = wanted ?? (there.length === 1 ? there[0]! : '/data/main')
  const list = (names: readonly string[]): string => names.map((name) => `\n  --in ${name}`).join('')
  if (!there.includes(found)) {
    const what = there.length === 0 ? `There is no repository in ${folder}.` : `There is no ${found} in ${folder}, but`
    throw new IbexError('storage', what + list(there))
  }
  if (wanted === undefined && there.length > 1 && io.terminal) {
    io.note(`This is ${found}. There are also${list(there.filter((name) => name !== found))}`)
  }
  return requireRepositoryPath(found)
}
