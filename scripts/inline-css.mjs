/** A style sheet as a text, for esbuild: what Vite makes of `import text from './look.css?inline'`. */
import { join } from 'node:path'

/** @type {import('esbuild').Plugin} */
export const inlineCss = {
  name: 'inline-css',
  setup(bundle) {
    bundle.onResolve({ filter: /\.css\?inline$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace('?inline', '')),
      namespace: 'inline-css',
    }))
    bundle.onLoad({ filter: /.*/, namespace: 'inline-css' }, async ({ path }) => {
      // Left as it is written: what an older target lacks has no equal that means the same.
      const { outputFiles } = await bundle.esbuild.build({
        entryPoints: [path],
        bundle: true,
        minify: true,
        write: false,
      })
      return { contents: outputFiles[0]?.text ?? '', loader: 'text' }
    })
  },
}
