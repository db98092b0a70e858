/**
 * Builds the door `ibex-state/devtools`: the dock, and in a chunk that it loads on demand the panel, with its styles and the
 * packages that it needs inside, so that an app need not install them. What is the package's own stays outside: the app has
 * it already.
 */
import { readdirSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { inlineCss } from './inline-css.mjs'
import { root, runTool } from './run.mjs'

const FOLDER = 'devtools-extension/dock'
const DOOR = ['index.d.ts', 'ibex-devtools.d.ts', 'corner.d.ts', 'page-dock.d.ts']

/** @type {import('esbuild').Plugin} */
const ownStaysOutside = {
  name: 'own-stays-outside',
  setup(bundle) {
    bundle.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const target = relative(root, join(resolveDir, path)).replaceAll('\\', '/')
      if (!/^(src|hooks)\//.test(target)) return undefined
      return { path: relative(FOLDER, target).replaceAll('\\', '/'), external: true }
    })
  },
}

/** After the package itself was built. @param {{ quiet?: boolean }} [options] @returns {Promise<{ code: number, output: string }>} */
export async function buildDevtoolsDoor(options = {}) {
  const outdir = join(root, 'dist', FOLDER)
  rmSync(dirname(outdir), { recursive: true, force: true })
  const declared = await runTool('typescript/bin/tsc', ['-p', 'devtools-extension/tsconfig.build.json'], options)
  if (declared.code !== 0) return declared
  // Nobody outside sees more of the dock than its door.
  rmSync(join(dirname(outdir), 'panel'), { recursive: true, force: true })
  for (const name of readdirSync(outdir)) if (!DOOR.includes(name)) rmSync(join(outdir, name))
  // Only now: what is installed may just have been.
  const { build } = await import('esbuild')
  try {
    await build({
      absWorkingDir: root,
      entryPoints: { index: join(FOLDER, 'index.ts') },
      outdir,
      bundle: true,
      splitting: true,
      chunkNames: '[name]-[hash]',
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      sourcemap: true,
      // It is the app's bundler that says it.
      define: { 'process.env.NODE_ENV': 'process.env.NODE_ENV' },
      external: ['react', 'react-dom'],
      plugins: [inlineCss, ownStaysOutside],
      logLevel: 'warning',
    })
  } catch (error) {
    return { code: 1, output: String(error) }
  }
  return declared
}
