/** Tests that were copied out of a history, run as an app runs its own. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A folder with tests that are run as an app runs its own. */
export async function runTests(
  files: Record<string, string | Uint8Array>,
): Promise<{ passed: boolean; output: string }> {
  await mkdir(join(ROOT, 'temp'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, 'temp/copied-'))
  try {
    await writeFile(
      join(folder, 'vitest.config.ts'),
      `import { defineConfig } from 'vitest/config'
      import { doors } from '../../vitest.config'
      export default defineConfig({ root: import.meta.dirname, resolve: { alias: doors } })`,
    )
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
    const args = [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--root',
      folder,
      '--config',
      join(folder, 'vitest.config.ts'),
    ]
    const { passed, output } = await promisify(execFile)(process.execPath, args).then(
      ({ stdout }) => ({ passed: true, output: stdout }),
      (error: { stdout: string; stderr: string }) => ({ passed: false, output: error.stdout + error.stderr }),
    )
    return { passed, output }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
