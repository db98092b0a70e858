import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { bench } from '../browser.js'
import type { Answer, Question } from '../question.js'

const ALL = [
  'floor',
  'ibex',
  'zustand',
  'redux',
  'jotai',
  'valtio',
  'mobx',
  'tinybase',
  'yjs',
  'automerge',
  'loro',
  'rxdb',
  'tanstack',
]

export const question: Question = {
  name: 'size',
  title: 'Size for browsers, minified, gzip -9, React left out',
  unit: 'kB',
  variants: [
    { key: 'all', title: 'with everything that `sizes/<library>.ts` names', size: 0, target: 30, must: true },
    {
      key: 'entry',
      title: 'what must be there before the app can start',
      size: 0,
      target: 15,
      must: true,
      peers: ['floor', 'ibex'],
    },
  ],
  peers: ALL,
  run: (peer, { key }) => (peer === 'ibex' ? weighIbex(key) : weigh(peer)),
}

async function weigh(peer: string): Promise<Answer> {
  const { outputFiles } = await build({
    entryPoints: [join(bench, 'sizes', `${peer}.ts`)],
    bundle: true,
    minify: true,
    write: false,
    outdir: '/',
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    external: ['react', 'react-dom', 'react/*', 'react-dom/*'],
    loader: { '.wasm': 'file' },
    // What a library takes from Node only where it runs there.
    plugins: [
      {
        name: 'no-node',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^(?:node:|fs$|path$|url$|crypto$)/ }, ({ path }) => ({ path, external: true })),
      },
    ],
    logLevel: 'error',
  })
  const weights = outputFiles.map(({ path, contents }) => [path, gzipSync(contents, { level: 9 }).length] as const)
  const total = (which: boolean): number =>
    weights.reduce((sum, [path, bytes]) => sum + (path.endsWith('.wasm') === which ? bytes : 0), 0)
  const wasm = total(true)
  return { value: (total(false) + wasm) / 1000, ...(wasm > 0 && { more: { 'kB of it WebAssembly': wasm / 1000 } }) }
}

/** What `npm run check:size` says of the touchstone. */
async function weighIbex(key: string): Promise<Answer> {
  const check = spawn(process.execPath, [join(bench, '../scripts/size.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  for await (const text of check.stdout.setEncoding('utf8')) output += text as string
  const found = new RegExp(`^${key} +([\\d,]+) B of`, 'm').exec(output)?.[1]
  if (found === undefined) throw new Error(`scripts/size.mjs said: ${output.trim().slice(0, 150)}`)
  return { value: Number(found.replaceAll(',', '')) / 1000 }
}
