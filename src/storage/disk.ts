/** What the segment log asks of a file system. Whoever implements it owes exactly what is said here, and no more. */

/** One folder, flat. */
export interface Disk {
  /** True where an open file excludes every other opener, of this process or another. */
  readonly exclusive: boolean
  list(): Promise<string[]>
  /** Opens a file for reading and writing; throws `storage-cleared` if there is none. */
  open(name: string): Promise<DiskFile>
  /**
   * Makes an empty file, whose name is durable on return; throws if there is one, so that of several processes that make the
   * same one succeeds.
   */
  create(name: string): Promise<DiskFile>
  remove(name: string): Promise<void>
}

export interface DiskFile {
  size(): number | Promise<number>
  /** What is there, fewer bytes than `length` at the end of the file. */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>
  /** Writes a first part of `bytes`, or all; returns how many bytes. */
  write(offset: number, bytes: Uint8Array): number | Promise<number>
  truncate(size: number): void | Promise<void>
  /**
   * Everything written before is durable on return. After it failed, nothing is known of what was written. Throws
   * `storage-cleared` for a file that was removed meanwhile: writing to one seems to succeed, and nobody ever finds it.
   */
  flush(): void | Promise<void>
  close(): void | Promise<void>
}

/** The folders of a storage, one a log. */
export interface DiskTree {
  folders(): Promise<string[]>
  /** Opens the folder, or makes it durably. */
  folder(name: string): Promise<Disk>
  /** Removes every folder and what is in it. */
  destroy(): Promise<void>
  close(): Promise<void>
}

/** Writes all of `bytes`, in as many steps as the file needs. */
export async function writeAll(file: DiskFile, offset: number, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const written = await file.write(offset + done, done === 0 ? bytes : bytes.subarray(done))
    // A disk that takes nothing and says nothing is full: OPFS answers so at the end of its quota.
    if (!(written > 0)) throw Object.assign(new Error('No byte was written'), { code: 'ENOSPC' })
    done += written
  }
}

/** Waits for a step of tidying up whose failure changes nothing. */
export async function attempt(step: () => unknown): Promise<void> {
  try {
    await step()
  } catch {
    // What is left behind is ignored by every reader.
  }
}
