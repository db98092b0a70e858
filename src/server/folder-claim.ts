/**
 * Who has a data folder open: a small file in it, which tools read before they write there themselves. Logs need it not,
 * they know their owner; but to ask them one has to take them over, and what a running server holds shall not be taken.
 */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { attempt } from '../storage/disk.js'

const FILE = 'server.json'

export interface Holder {
  readonly pid: number
  readonly host: string
  /** Milliseconds since 1970. */
  readonly since: number
  /** When the process was started, as the system counts: a later one may have its number. Empty where nobody tells. */
  readonly started: string
}

/**
 * Writes down that this process has the folder, as far as the disk takes it; answers what takes that back, unless another
 * has it by then.
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, FILE)
  const { pid } = process
  const text = JSON.stringify({
    pid,
    host: hostname(),
    since: Date.now(),
    started: await startOf(pid),
  } satisfies Holder)
  await attempt(() => writeFile(file, `${text}\n`, { mode: 0o600 }))
  return () =>
    attempt(async () => {
      if ((await readFile(file, 'utf8')).trim() === text) await rm(file)
    })
}

/** The process that has the folder, as far as can be told from here: one of another machine is taken at its word. */
export async function holderOf(folder: string): Promise<Holder | undefined> {
  let holder: Holder
  try {
    holder = JSON.parse(await readFile(join(folder, FILE), 'utf8')) as Holder
  } catch {
    // There is none, or it was not written whole.
    return undefined
  }
  if (holder.host !== hostname()) return holder
  return isRunning(holder.pid) && (await startOf(holder.pid)) === holder.started ? holder : undefined
}

/** For whoever finds a folder held: by whom, and what to do. */
export function describeHolder(folder: string, { pid, host, since }: Holder): string {
  return `A server has ${folder} open (process ${pid} on ${host}, since ${new Date(since).toISOString()}). Stop it, or connect to it. If it is gone for good, delete ${join(folder, FILE)}.`
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Only Linux tells. */
async function startOf(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name of the program, in parentheses, may hold anything; after it, the start is the twentieth field.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
