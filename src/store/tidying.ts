/** Finishes what earlier sessions of a store left on this device: what was not sent yet, and what is to be deleted. */
import type { SessionId } from '../ids.js'
import type { TextStorage } from '../repository/leaving.js'
import type { Repository } from '../repository/repository.js'
import { type Folders, readFolders, writeFolders } from './folders.js'
import type { Opened } from './replica-options.js'

/** The store's options, as far as they are needed here. */
export interface TidyOptions {
  readonly name: string
  readonly hasServer: boolean
  readonly texts: TextStorage | undefined
  destroy?(folder: string): Promise<void>
}

/** What runs for an earlier session. */
export interface OldEngine {
  readonly replica: { readonly options: { readonly session: SessionId } }
  paths(): Promise<readonly string[]>
  open(repository: Repository): Opened | Promise<Opened>
  close(destroy: boolean): Promise<void>
}

/** What the store lends to it. */
export interface Tidier {
  /** Starts what runs for an earlier session, which ends when it is closed, here or with the store. */
  start(folder: string): Promise<OldEngine>
  /** It was closed. */
  ended(old: OldEngine): void
  createRepository(path: string, session: SessionId): Repository
  /** Resolves when the server has accepted all that is in a repository. */
  accepted(opened: Opened): Promise<void>
}

export async function tidy(options: TidyOptions, tidier: Tidier): Promise<void> {
  await deleteDoomed(options).catch(() => {})
  await sendOldFolders(options, tidier)
}

/** What earlier sessions had not sent yet is sent by them, unseen (architecture, section 6). */
async function sendOldFolders(options: TidyOptions, tidier: Tidier): Promise<void> {
  const { texts, name, hasServer } = options
  for (const folder of readFolders(texts, name).old) {
    const old = await tidier.start(folder)
    const opened: Opened[] = []
    for (const path of await old.paths()) {
      opened.push(await old.open(tidier.createRepository(path, old.replica.options.session)))
    }
    if (hasServer) await Promise.all(opened.map((one) => tidier.accepted(one)))
    tidier.ended(old)
    await old.close(true)
    // Everything of it was sent: it is to be deleted.
    change(options, ({ old: olds, doomed }) => ({
      old: olds.filter((other) => other !== folder),
      doomed: [...doomed, folder],
    }))
    await deleteDoomed(options)
  }
}

async function deleteDoomed(options: TidyOptions): Promise<void> {
  for (const folder of readFolders(options.texts, options.name).doomed) {
    await options.destroy?.(folder)
    change(options, ({ doomed }) => ({ doomed: doomed.filter((other) => other !== folder) }))
  }
}

function change({ texts, name }: TidyOptions, to: (folders: Folders) => Partial<Folders>): void {
  const folders = readFolders(texts, name)
  writeFolders(texts, name, { ...folders, ...to(folders) })
}
