/** A production build of an app with `<IbexDevtools />` in it has none of it, unless the app says so. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { build } from 'vite'
import { doors } from '../../vitest.config.js'

const ROOT = join(import.meta.dirname, '../..')
const TRACKER = join(ROOT, 'examples/tracker')

/** The demo's way of opening itself to everybody: what an app leaves out. */
const OPT_IN = [
  "import { IbexDevtoolsInProduction } from 'ibex-state/devtools'\n",
  "import { inspectable } from 'ibex-state/inspect'\n",
  /\n {2}\/\/[^\n]*\n {2}devtools: inspectable\(\),/,
  '    <IbexDevtoolsInProduction button={false} />\n',
]

type Output = ReadonlyMap<string, string>

/** Everything that a production build of the demo writes, with another text of its `main.tsx` and without its own button. */
async function buildDemo(change: (main: string) => string): Promise<Output> {
  const result = await build({
    configFile: false,
    root: TRACKER,
    mode: 'production',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
    plugins: [
      {
        name: 'other-main',
        enforce: 'pre',
        transform(code, id) {
          if (id.endsWith('tracker/src/main.tsx')) return change(without(code))
          return id.startsWith(TRACKER) ? code.replaceAll(/\btoggleDevtools\b(?!\s*}\s*from)/g, 'undefined') : undefined
        },
      },
    ],
    resolve: { alias: doors },
    worker: { format: 'es' },
    build: { write: false, minify: true, reportCompressedSize: false, chunkSizeWarningLimit: 5000 },
  })
  const files = [result].flat().flatMap((each) => ('output' in each ? each.output : []))
  return new Map(files.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)]))
}

function without(main: string): string {
  let text = main
  for (const part of OPT_IN) {
    const shorter = text.replace(part, '')
    expect(shorter).not.toBe(text)
    text = shorter
  }
  return text
}

/** After all other imports, as an editor would put it. */
const importing = (name: string, main: string): string =>
  main.replace('\n\nconst store', `\nimport { ${name} } from 'ibex-state/devtools'\n\nconst store`)

const withElement = (jsx: string, name: string) => (main: string) =>
  importing(name, main).replace('  </StrictMode>', `    ${jsx}\n  </StrictMode>`)

/** Names and hashes: what differs can be read. */
const hashed = (output: Output): Record<string, string> =>
  Object.fromEntries(Array.from(output, ([name, text]) => [name, createHash('sha256').update(text).digest('hex')]))

const bytesOf = (output: Output): number => [...output.values()].reduce((sum, text) => sum + text.length, 0)

// As `vite build` runs.
beforeAll(() => vi.stubEnv('NODE_ENV', 'production'))
afterAll(() => vi.unstubAllEnvs())

describe('a production build of the demo', () => {
  test('with the devtools in development is the same, byte for byte, as without them', async () => {
    const never = await buildDemo((main) => main)
    const called = await buildDemo(
      (main) => `${importing('addDevtools', main)}\nif (import.meta.env.DEV) addDevtools()\n`,
    )
    expect(hashed(called)).toEqual(hashed(never))

    // As an element it leaves a child that is false.
    const element = '<IbexDevtools />'
    const guarded = await buildDemo(withElement(`{import.meta.env.DEV && ${element}}`, 'IbexDevtools'))
    expect(guarded.size).toBe(never.size)
    expect(bytesOf(guarded) - bytesOf(never)).toBeLessThan(20)
    // Without a word on where it is for, it leaves a component that does nothing.
    const always = await buildDemo(withElement(element, 'IbexDevtools'))
    expect(always.size).toBe(never.size)
    expect(bytesOf(always) - bytesOf(never)).toBeLessThan(300)
    // And this is how it is when the app says so.
    const optedIn = await buildDemo(withElement('<IbexDevtoolsInProduction />', 'IbexDevtoolsInProduction'))
    expect(bytesOf(optedIn) - bytesOf(never)).toBeGreaterThan(100_000)
  }, 180_000)
})
