/**
 * Which folder on this device is a store's: a new one after signing out or a reset. Folders with something unsent are
 * remembered until it is sent, those that were given up until nothing of them is left.
 */
import { toHex } from '../ids.js'
import type { Random } from '../ports.js'
import type { TextStorage } from './leaving.js'

interface Folders {
  readonly current: string
  readonly old: readonly string[]
  readonly doomed: readonly string[]
}

const NO_FOLDERS = { old: [], doomed: [] }

/** The folder of the present session. */
export function currentFolder(texts: TextStorage | undefined, store: string): string {
  return read(texts, store).current
}

/** Folders of earlier sessions that may hold something unsent. */
export function oldFolders(texts: TextStorage | undefined, store: string): readonly string[] {
  return read(texts, store).old
}

/** Folders that are to be deleted. */
export function doomedFolders(texts: TextStorage | undefined, store: string): readonly string[] {
  return read(texts, store).doomed
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
  const { current, old, doomed } = read(texts, store)
  if (current !== folder && texts) return current
  const next = `${store}-${toHex(random.bytes(6))}`
  if (destroyed) write(texts, store, { current: next, old, doomed: [...doomed, folder] })
  else write(texts, store, { current: next, old: [...old, folder], doomed })
  return next
}

/** Everything of an old folder was sent: it is to be deleted. */
export function doomFolder(texts: TextStorage | undefined, store: string, folder: string): void {
  const { current, old, doomed } = read(texts, store)
  write(texts, store, { current, old: old.filter((other) => other !== folder), doomed: [...doomed, folder] })
}

/** Nothing of a folder is left. */
export function forgetFolder(texts: TextStorage | undefined, store: string, folder: string): void {
  const { current, old, doomed } = read(texts, store)
  write(texts, store, { current, old, doomed: doomed.filter((other) => other !== folder) })
}

function read(texts: TextStorage | undefined, store: string): Folders {
  try {
    const folders = JSON.parse(texts?.getItem(keyOf(store)) ?? 'null') as Folders | null
    if (folders && typeof folders.current === 'string' && Array.isArray(folders.old))
      return { ...NO_FOLDERS, ...folders }
  } catch {
    // Somebody else wrote under this key, or storage is forbidden: begin with the first folder.
  }
  return { ...NO_FOLDERS, current: store }
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
