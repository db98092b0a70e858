/** Builds the demo, `examples/tracker`: the app for the browser in `dist`, its `ibex.config.ts` for the server in `dist-server`. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, runTool } from './run.mjs'
import { hashOf, remember, remembered } from './stamp.mjs'

const TRACKER = 'examples/tracker'

export const demo = {
  folder: join(root, TRACKER),
  app: `${TRACKER}/dist`,
  /** Node 20 cannot import TypeScript, so the server is given this. */
  config: `${TRACKER}/dist-server/ibex.config.js`,
}

/** Builds unless nothing has changed since. The package must have been built. @returns {Promise<{ code: number, output: string }>} */
export async function buildDemo() {
  const wanted = `${remembered('build')} ${hashOf([TRACKER, 'package-lock.json'])}`
  if (remembered('demo') === wanted && existsSync(join(root, demo.app, 'index.html'))) return { code: 0, output: '' }
  console.log('Building the demo …')
  remember('demo', '')
  const app = await runTool('vite/bin/vite.js', ['build', '--logLevel', 'warn'], { cwd: demo.folder })
  if (app.code !== 0) return app
  const { build } = await import('esbuild')
  try {
    await build({
      absWorkingDir: root,
      entryPoints: [`${TRACKER}/ibex.config.ts`],
      outfile: demo.config,
      bundle: true,
      // The server and the configuration must share one copy of the package: it stays an import.
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: true,
      logLevel: 'warning',
    })
  } catch (error) {
    return { code: 1, output: String(error) }
  }
  remember('demo', wanted)
  return app
}
