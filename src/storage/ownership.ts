/**
 * Taking a log over. Whoever opens it raises the generation in the manifest before looking at anything else, and asks after
 * every sync, before acknowledging, whether the manifest still says so. Where several processes can open the same files, a
 * generation belongs to the one that made the file named after it.
 */
import { attempt, type Disk, type DiskFile } from './disk.js'
import { cleared, isFull } from './failure.js'
import { MANIFEST, readManifest, writeManifest, type Manifest, type Marker } from './manifest.js'
import { parseSegmentFileName } from './segment-file.js'

export interface Ownership {
  readonly generation: number
  /** Of the log: known once it was tried to take it. */
  readonly marker: Marker
  /** The manifest as it was found. */
  readonly before: Manifest | undefined
  /** Whether the manifest names this owner: not yet where the disk was too full to say so. */
  readonly taken: boolean
  /**
   * Takes the log over; gives the names of its files as they are then. `findMarker` looks for the marker of a log whose
   * manifest does not tell it, or draws a new one.
   */
  take(findMarker: (files: readonly string[]) => Promise<Marker>): Promise<string[]>
  /** Whether nobody has taken the log over since. */
  holds(): Promise<boolean>
  /** Opens the manifest by its name again; throws `storage-cleared` if it is gone. */
  reopen(): Promise<void>
  /** Says that the log was closed, with the segment that it ended in. */
  sign(end: { readonly number: number; readonly size: number; readonly frames: number }): Promise<void>
  close(): Promise<void>
}

export function createOwnership(disk: Disk): Ownership {
  let file: DiskFile | undefined
  let serial = 0
  let generation = 0
  let marker: Marker | undefined
  let before: Manifest | undefined
  let taken = false

  function write(end: { number: number; size: number; frames: number }, clean: boolean): Promise<void> {
    const { number, size, frames } = end
    return writeManifest(file!, { marker: marker!, serial: ++serial, generation, number, size, frames, clean })
  }

  /** `undefined` if another owner was quicker. */
  async function createUnlessThere(name: string): Promise<DiskFile | undefined> {
    try {
      return await disk.create(name)
    } catch (error) {
      if (!(await disk.list()).includes(name)) throw error
      return undefined
    }
  }

  async function claim(): Promise<void> {
    let claimed: DiskFile | undefined
    while (!(claimed = await createUnlessThere(`owner-${generation}`))) generation++
    await claimed.close()
  }

  return {
    get generation() {
      return generation
    },
    get marker() {
      return marker!
    },
    get before() {
      return before
    },
    get taken() {
      return taken
    },
    async take(findMarker) {
      const known = file || (await disk.list()).includes(MANIFEST)
      file ??= (!known && (await createUnlessThere(MANIFEST))) || (await disk.open(MANIFEST))
      // Only now: while this one waited for the manifest, or before it named this one, another owner may have made files.
      let files = await disk.list()
      before = await readManifest(file)
      serial = before?.serial ?? 0
      marker = before?.marker
      generation = before?.generation ?? 0
      try {
        for (let highest; (highest = highestGeneration(files)) > generation || !taken; files = await disk.list()) {
          generation = Math.max(highest, generation) + 1
          if (!disk.exclusive) await claim()
          marker ??= await findMarker(files)
          // Twice, so that both slots name the new owner.
          for (let slot = 0; slot < 2; slot++) await write(before ?? { number: 0, size: 0, frames: 0 }, false)
          taken = true
        }
        for (const name of files) if ((ownerOf(name) ?? generation) < generation) await attempt(() => disk.remove(name))
      } catch (error) {
        if (!isFull(error) || !before) throw error
      }
      return files
    },
    async holds() {
      const found = await readManifest(file!)
      return !found || found.generation === generation
    },
    async reopen() {
      await attempt(() => file!.close())
      file = await disk.open(MANIFEST)
      if (!(await readManifest(file))) throw cleared()
    },
    sign: (end) => write(end, true),
    async close() {
      await attempt(() => file?.close())
    },
  }
}

function ownerOf(name: string): number | undefined {
  const match = /^owner-(\d+)$/.exec(name)
  return match ? Number(match[1]) : undefined
}

/** Of those that files tell. */
function highestGeneration(files: readonly string[]): number {
  return Math.max(0, ...files.map((name) => ownerOf(name) ?? parseSegmentFileName(name)?.generation ?? 0))
}
