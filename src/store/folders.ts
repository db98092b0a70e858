/**
 * Which folder on this device is a store's: a new one after signing out or a reset. Folders with something unsent are
 * remembered until it is sent, those that were given up until nothing of them is left.
 */
import type { TextStorage } from '../repository/leaving.js'

export interface Folders {
  readonly current: string
  /** Of earlier sessions, which may hold something unsent. */
  readonly old: readonly string[]
  /** To be deleted. */
  readonly doomed: readonly string[]
}

const NO_FOLDERS = { old: [], doomed: [] }

/** The folder of the present session. */
export function currentFolder(texts: TextStorage | undefined, store: string): string {
  return readFolders(texts, store).current
}

/** Whether there are folders besides: of earlier sessions, or to be deleted. */
export function hasLeftFolders(texts: TextStorage | undefined, store: string): boolean {
  const { old, doomed } = readFolders(texts, store)
  return old.length + doomed.length > 0
}

/**
 * Names a new folder, by a mark of chance, in place of `folder`, which is remembered unless it is destroyed. Where another
 * tab did so already, answers the folder that it named.
 */
export function abandonFolder(
  texts: TextStorage | undefined,
  store: string,
  folder: string,
  destroyed: boolean,
  mark: string,
): string {
  const { current, old, doomed } = readFolders(texts, store)
  if (current !== folder && texts) return current
  const next = `${store}-${mark}`
  if (destroyed) writeFolders(texts, store, { current: next, old, doomed: [...doomed, folder] })
  else writeFolders(texts, store, { current: next, old: [...old, folder], doomed })
  return next
}

/** What is written of them. */
export function readFolders(texts: TextStorage | undefined, store: string): Folders {
  try {
    const folders = JSON.parse(texts?.getItem(keyOf(store)) ?? 'null') as Folders | null
    if (folders && typeof folders.current === 'string' && Array.isArray(folders.old))
      return { ...NO_FOLDERS, ...folders }
  } catch {
    // Somebody else wrote under this key, or storage is forbidden: begin with the first folder.
  }
  return { ...NO_FOLDERS, current: store }
}

export function writeFolders(texts: TextStorage | undefined, store: string, folders: Folders): void {
  try {
    texts?.setItem(keyOf(store), JSON.stringify(folders))
  } catch {
    // Without room for a name, the new folder lasts as long as this page.
  }
}

function keyOf(store: string): string {
  return `ibex folders ${store}`
}
