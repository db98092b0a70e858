/** Records anew what the stories show: `npm run record:stories`, after the scripts in `stories/recordings` were changed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from './install.mjs'
import { root, run } from './run.mjs'

await ensureInstalled()
const { build } = await import('esbuild')
const folder = mkdtempSync(join(root, 'node_modules/.ibex-record-'))
try {
  await build({
    absWorkingDir: root,
    entryPoints: ['stories/recordings/record.ts'],
    outfile: join(folder, 'record.mjs'),
    bundle: true,
    packages: 'external',
    alias: { 'ibex-state': join(root, 'src/index.ts') },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  })
  const { code } = await run(process.execPath, [join(folder, 'record.mjs'), join(root, 'stories/recordings')])
  process.exitCode = code
} finally {
  rmSync(folder, { recursive: true, force: true })
}
