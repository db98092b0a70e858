/** Packs the package and looks at the tarball as strangers will: its files, its exports, and what TypeScript makes of them. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { runNpm, runTool } from './run.mjs'

const built = await ensureBuilt()
if (built.code !== 0) process.exit(built.code)

/** What an app gets: the build and four texts, no tests and no sources. */
const WANTED = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']
const ALLOWED =
  /^(dist\/(src|hooks|devtools-extension\/dock)\/.*\.(js|js\.map|d\.ts)|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/

const folder = mkdtempSync(join(tmpdir(), 'ibex-pack-'))
let failed = false
try {
  const packed = await runNpm(
    ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder],
    { quiet: true },
  )
  if (packed.code !== 0) throw new Error(packed.output)
  /** @type {[{ size: number, files: { path: string }[] }]} */
  const [{ files, size }] = JSON.parse(packed.output.slice(packed.output.search(/^\[/m)))
  const paths = new Set(files.map(({ path }) => path))
  const complaints = [
    ...WANTED.filter((path) => !paths.has(path)).map((path) => `lacks ${path}`),
    ...[...paths]
      .filter((path) => !ALLOWED.test(path) || /\.test(-d)?\./.test(path))
      .map((path) => `should not hold ${path}`),
  ]
  for (const complaint of complaints) console.log(`the tarball ${complaint}`)
  failed ||= complaints.length > 0
  console.log(`${files.length} files, ${size.toLocaleString('en')} B packed`)

  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '')
  failed = (await runTool('publint/src/cli.js', ['run', tarball, '--strict'])).code !== 0 || failed
  failed =
    (await runTool('@arethetypeswrong/cli/dist/index.js', [tarball, '--profile', 'esm-only', '--no-definitely-typed']))
      .code !== 0 || failed
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
