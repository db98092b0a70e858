/** Long histories on disk, written once for all answers of a run. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LongHistory } from './long-history.js'

export interface PreparedHistory {
  readonly folder: string
  remove(): void
}

/**
 * A copy of the repository, as a server left it that was stopped in order. It is written by a process of its own: whoever opens
 * it shall not have warmed up.
 */
export function prepareHistory({ items, commits }: LongHistory): PreparedHistory {
  // Beside what the run was bundled to, and gone with it.
  const written = join(import.meta.dirname, `history-${items}-${commits}`)
  if (!existsSync(written)) {
    const folder = `${written}-${process.pid}`
    const args = ['--enable-source-maps', join(import.meta.dirname, 'write-history.js'), folder]
    const { status } = spawnSync(process.execPath, [...args, `${items}`, `${commits}`], { stdio: 'inherit' })
    if (status !== 0) throw new Error('The history could not be written.')
    renameSync(folder, written)
  }
  const folder = mkdtempSync(join(tmpdir(), 'ibex-bench-'))
  cpSync(written, folder, { recursive: true })
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) }
}
