/** Tests that were copied out of a history, run as an app runs its own. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What came of tests: the files of those that passed, and of those that failed. */
interface Outcome {
  readonly passed: readonly string[]
  readonly failed: readonly string[]
  readonly output: string
}

/** Runs the tests among files in a folder of their own, as an app runs its own. */
export async function runTests(files: Record<string, string | Uint8Array>): Promise<Outcome> {
  await mkdir(join(ROOT, 'temp'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, 'temp/copied-'))
  try {
    const config = join(folder, 'vitest.config.ts')
    const results = join(folder, 'results.json')
    // They share what they load, which takes longer than they do.
    await writeFile(
      config,
      `import { defineConfig } from 'vitest/config'
      import { doors } from '../../vitest.config'
      const test = { isolate: false, maxWorkers: 1 }
      export default defineConfig({ root: import.meta.dirname, resolve: { alias: doors }, test })`,
    )
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
    const vitest = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder, '--config', config]
    const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]
    const output = await promisify(execFile)(process.execPath, [...vitest, ...reports]).then(
      ({ stdout }) => stdout,
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    )
    const written = await readFile(results, 'utf8').catch(() => {
      throw new Error(`Nothing was run:\n${output}`)
    })
    const { testResults } = JSON.parse(written) as { testResults: { name: string; status: string }[] }
    const those = (how: string): string[] =>
      testResults
        .filter(({ status }) => status === how)
        .map(({ name }) => basename(name))
        .sort()
    return { passed: those('passed'), failed: those('failed'), output }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
