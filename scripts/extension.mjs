/**
 * Builds the browser extension for Chromium and Firefox from one source: `npm run build:extension`. What can be loaded
 * unpacked lies in `devtools-extension/dist/<browser>`, beside it a package for each; both are linted as Firefox's store does.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inlineCss } from './inline-css.mjs'
import { ensureInstalled } from './install.mjs'
import { root } from './run.mjs'

const source = join(root, 'devtools-extension')
const BROWSERS = /** @type {const} */ (['chromium', 'firefox'])

/** Scripts that the browser runs as they are, each in a world of its own. */
const SCRIPTS = ['page-hook', 'content-script', 'service-worker']
/** Pages, each with a script of its own. */
const PAGES = ['devtools-page', 'panel', 'grant']
const ICON_SIZES = [16, 32, 48, 128]

/** @param {typeof BROWSERS[number]} browser @param {string} version */
function manifest(browser, version) {
  return {
    manifest_version: 3,
    name: 'Ibex',
    version,
    description: 'Looks into the Ibex stores of a page: their history, items, queries and sync.',
    icons: Object.fromEntries(ICON_SIZES.map((size) => [size, `icon-${size}.png`])),
    devtools_page: 'devtools-page.html',
    background: browser === 'chromium' ? { service_worker: 'service-worker.js' } : { scripts: ['service-worker.js'] },
    permissions: ['scripting'],
    // Nothing is looked into before the user has named its site.
    optional_host_permissions: ['http://*/*', 'https://*/*'],
    ...(browser === 'chromium' && { minimum_chrome_version: '119' }),
    ...(browser === 'firefox' && {
      browser_specific_settings: {
        gecko: {
          id: 'devtools@ibex-state',
          strict_min_version: '142.0',
          data_collection_permissions: { required: ['none'] },
        },
      },
    }),
  }
}

/**
 * Builds both; answers the folder with a folder for each.
 * @param {{ outDir?: string }} [options]
 */
export async function buildExtension({ outDir = join(source, 'dist') } = {}) {
  // Only now: what is installed may just have been.
  const { build } = await import('esbuild')
  const { version } = /** @type {{ version: string }} */ (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  rmSync(outDir, { recursive: true, force: true })
  for (const browser of BROWSERS) {
    const folder = join(outDir, browser)
    mkdirSync(folder, { recursive: true })
    /** @type {import('esbuild').BuildOptions} */
    const common = {
      outdir: folder,
      bundle: true,
      target: browser === 'chromium' ? 'chrome119' : 'firefox142',
      define: { 'process.env.NODE_ENV': '"production"' },
      jsx: 'automatic',
      plugins: [inlineCss],
      legalComments: 'none',
      logLevel: 'warning',
      minifySyntax: true,
      minifyWhitespace: true,
    }
    const main = (/** @type {string} */ name) => {
      const file = ['main.ts', 'main.tsx'].map((each) => join(source, name, each)).find((each) => existsSync(each))
      return { in: /** @type {string} */ (file), out: name }
    }
    await build({ ...common, entryPoints: SCRIPTS.map(main), format: 'iife' })
    await build({ ...common, entryPoints: PAGES.map(main), format: 'esm', splitting: true, chunkNames: 'chunk-[hash]' })
    for (const page of PAGES) cpSync(join(source, page, `${page}.html`), join(folder, `${page}.html`))
    for (const size of ICON_SIZES) cpSync(join(source, `icons/icon-${size}.png`), join(folder, `icon-${size}.png`))
    writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest(browser, version), null, 2)}\n`)
  }
  return outDir
}

/** Packs a folder; the same files make the same package. @param {string} folder */
async function pack(folder) {
  const { zipSync } = await import('fflate')
  const files = Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name))]),
  )
  return zipSync(files, { level: 9, mtime: new Date('2000-01-01T00:00:00Z') })
}

/** React assigns what `dangerouslySetInnerHTML` says, and nothing here says it: `react/no-danger` in `.oxlintrc.json`. */
const OF_REACT = ['UNSAFE_VAR_ASSIGNMENT']

/** What a package for Chromium lacks, or has, in the eyes of a linter for Firefox. */
const CHROMIUM_ONLY = [
  'BACKGROUND_SERVICE_WORKER_NOFALLBACK',
  'ADDON_ID_REQUIRED',
  'MISSING_DATA_COLLECTION_PERMISSIONS',
]

/** Prints what the linter of Firefox's store says of a package; whether that is fine. @param {string} file @param {readonly string[]} ignored */
async function lint(file, ignored) {
  // It comes without types.
  const name = 'addons-linter'
  /** @type {{ createInstance(options: object): { run(deps: object): Promise<Record<'errors' | 'warnings' | 'notices', { _type: string, code: string, message: string, file?: string }[]>> } }} */
  const { createInstance } = await import(name)
  const linter = createInstance({
    config: { _: [file], logLevel: 'fatal', selfHosted: true, disableXpiAutoclose: false },
    runAsBinary: false,
  })
  const { errors, warnings, notices } = await linter.run({ _console: { ...console, log: () => {} } })
  const found = [...errors, ...warnings, ...notices].filter(({ code }) => !ignored.includes(code))
  for (const { _type, code, message, file: where } of found)
    console.log(`  ${_type} ${code} ${where ?? ''}: ${message}`)
  return found.every(({ _type }) => _type === 'notice')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await ensureInstalled()
  const outDir = await buildExtension()
  for (const browser of BROWSERS) {
    const file = join(outDir, `ibex-devtools-${browser}.zip`)
    const bytes = await pack(join(outDir, browser))
    writeFileSync(file, bytes)
    console.log(`${relative(root, file)}  ${bytes.length.toLocaleString('en')} B`)
    const ignored = browser === 'chromium' ? [...OF_REACT, ...CHROMIUM_ONLY] : OF_REACT
    if (!(await lint(file, ignored))) process.exitCode = 1
  }
}
