/** Real Chromium with production React, for the questions that only a page can answer. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright'
import { chromiumArgs, requireChromium } from '../scripts/chromium.mjs'

/** The folder `bench/`, seen from where this is bundled to. */
export const bench: string = join(import.meta.dirname, '../..')
const root = join(bench, '..')

/**
 * A page's program for browsers, minified as an app's would be, with React for production. `effects`: modules are kept that are
 * imported for what they do alone.
 */
export async function bundlePage(
  code: string,
  options: { readonly external?: readonly string[]; readonly effects?: boolean } = {},
): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: bench, loader: 'tsx', sourcefile: 'page.tsx' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: [...(options.external ?? [])],
    ignoreAnnotations: options.effects ?? false,
    alias: { 'ibex-state': join(root, 'src/index.ts'), 'ibex-state/react': join(root, 'hooks/index.ts') },
    // One React for the library and for the page.
    nodePaths: [join(bench, 'node_modules')],
    plugins: [
      {
        name: 'one-react',
        setup: ({ onResolve, resolve }) => {
          onResolve({ filter: /^react(?:-dom)?(?:\/|$)/ }, ({ path, kind, pluginData }) =>
            pluginData === 'seen' ? undefined : resolve(path, { kind, resolveDir: bench, pluginData: 'seen' }),
          )
        },
      },
    ],
    logLevel: 'error',
  })
  return outputFiles[0]!.text
}

const EMPTY = '<!doctype html><meta charset="utf-8"><main></main><script type="module" src="/page.js"></script>'

/**
 * Serves an empty page with this program, and further files by their paths; its clock is fine, because it is isolated from other
 * origins.
 */
export async function servePage(
  code: string,
  more: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<{ readonly url: string; close(): void }> {
  const files: Readonly<Record<string, string | Uint8Array>> = { ...more, '/page.js': code }
  const server = createServer(({ url = '' }, response) => {
    response.writeHead(200, {
      'content-type': url.endsWith('.js') ? 'text/javascript' : url in files ? 'application/octet-stream' : 'text/html',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    })
    response.end(files[url] ?? EMPTY)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, close: () => server.close() }
}

/** A browser with a profile of its own in `folder`, or without one on disk. */
export async function openBrowser(
  folder: string = '',
): Promise<{ context: BrowserContext; page: Page; close(): Promise<void> }> {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: await requireChromium(),
    args: [...chromiumArgs],
    headless: true,
  })
  return { context, page: context.pages()[0] ?? (await context.newPage()), close: () => context.close() }
}

/** Milliseconds of processor time that the page's main thread has worked. */
export async function threadTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'ThreadTime')!.value * 1000
}
