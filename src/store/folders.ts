/**
 * Which folder on this device is a store's: a new one after signing out or a reset. Folders with something unsent are
 * remembered until it is sent.
 */
import { toHex } from '../ids.js'
import type { Random } from '../ports.js'
import type { TextStorage } from './leaving.js'

interface Folders {
  readonly current: string
  readonly old: readonly string[]
}

/** The folder of the present session. */
export function currentFolder(texts: TextStorage | undefined, store: string): string {
  return read(texts, store).current
}

/** Folders of earlier sessions that may hold something unsent. */
export function oldFolders(texts: TextStorage | undefined, store: string): readonly string[] {
  return read(texts, store).old
}

/**
 * Names a new folder in place of `folder`, which is remembered unless it is destroyed. Where another tab did so already,
 * answers the folder that it named.
 */
export function abandonFolder(
  texts: TextStorage | undefined,
  store: string,
  folder: string,
  destroyed: boolean,
  random: Random,
): string {
  const { current, old } = read(texts, store)
  if (current !== folder && texts) return current
  const next = `${store}-${toHex(random.bytes(6))}`
  write(texts, store, { current: next, old: destroyed ? old : [...old, folder] })
  return next
}

/** Everything of an old folder was sent. */
export function forgetFolder(texts: TextStorage | undefined, store: string, folder: string): void {
  const { current, old } = read(texts, store)
  write(texts, store, { current, old: old.filter((other) => other !== folder) })
}

function read(texts: TextStorage | undefined, store: string): Folders {
  try {
    const folders = JSON.parse(texts?.getItem(keyOf(store)) ?? 'null') as Folders | null
    if (folders && typeof folders.current === 'string' && Array.isArray(folders.old)) return folders
  } catch {
    // Somebody else wrote under this key, or storage is forbidden: begin with the first folder.
  }
  return { current: store, old: [] }
}

function write(texts: TextStorage | undefined, store: string, folders: Folders): void {
  try {
    texts?.setItem(keyOf(store), JSON.stringify(folders))
  } catch {
    // Without room for a name, the new folder lasts as long as this page.
  }
}

function keyOf(store: string): string {
  return `ibex folders ${store}`
}
