/** `npm run bench:panel [--commits n] [--items n] [--traces folder] [--profile]`: bundles the benchmark of the panel and runs it. */
import { build } from 'esbuild'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from '../scripts/install.mjs'
import { root, run } from '../scripts/run.mjs'

await ensureInstalled()
const folder = mkdtempSync(join(root, 'node_modules/.bench-panel-'))
try {
  await build({
    absWorkingDir: root,
    entryPoints: ['bench/panel/run.ts'],
    outfile: join(folder, 'run.mjs'),
    bundle: true,
    packages: 'external',
    alias: { 'ibex-state': join(root, 'src/index.ts') },
    // The scripts find their files from where they lie.
    external: ['*/scripts/chromium.mjs', '*/scripts/extension.mjs'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  })
  const { code } = await run(process.execPath, [join(folder, 'run.mjs'), ...process.argv.slice(2)])
  process.exitCode = code
} finally {
  rmSync(folder, { recursive: true, force: true })
}
