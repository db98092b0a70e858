/** Loads an app's `ibex.config`: JavaScript as it is, TypeScript by whatever the app has that reads it. */
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { IbexError } from '../errors.js'
import { type Config, defineConfig } from '../repository/rules.js'

const NAMES = ['ibex.config.ts', 'ibex.config.mts', 'ibex.config.js', 'ibex.config.mjs']

/** The configuration that an app keeps in `folder`, if it does. */
export function findConfigFile(folder: string): string | undefined {
  return NAMES.map((name) => resolve(folder, name)).find((path) => existsSync(path))
}

/** Loads a configuration file. Throws `bad-option` with what to do where that fails. */
export async function loadConfigFile(file: string): Promise<Config> {
  const path = resolve(file)
  if (!existsSync(path)) throw new IbexError('bad-option', `There is no configuration file ${path}.`)
  const module = /^\.[mc]?ts$/.test(extname(path)) ? await importTypeScript(path) : await importFile(path)
  const { default: config = module['config'] } = module
  if (typeof config !== 'object' || config === null) {
    throw new IbexError('bad-option', `${path} must say: export default defineConfig({ schemas: [...] }).`)
  }
  return defineConfig(config as Config)
}

type Module = Readonly<Record<string, unknown>>

async function importFile(path: string): Promise<Module> {
  try {
    return (await import(pathToFileURL(path).href)) as Module
  } catch (error) {
    throw new IbexError('bad-option', `${path} could not be loaded: ${String(error)}`, { cause: error })
  }
}

/**
 * Node below 22.18 cannot import TypeScript. Most apps have esbuild or Vite, which turn it, with the files that it
 * imports, into JavaScript; packages stay imports, so that app and server share them.
 */
async function importTypeScript(path: string): Promise<Module> {
  let code: string | undefined
  // The app's own tools first, then what is installed beside this package.
  for (const place of [path, import.meta.url]) {
    code ??= (await bundleWithEsbuild(path, place)) ?? (await bundleWithVite(path, place))
  }
  if (code === undefined) {
    if ((process.features as { typescript?: unknown }).typescript) return importFile(path)
    throw new IbexError(
      'bad-option',
      `${path} is TypeScript, which Node ${process.versions.node} does not read. Install esbuild or vite beside it, use Node 22.18 or newer, or build it first (npx esbuild ${basename(path)} --bundle --packages=external --platform=node --format=esm --outfile=ibex.config.js) and pass the JavaScript.`,
    )
  }
  // Beside the app's packages, so that its imports are found.
  const modules = join(dirname(path), 'node_modules')
  const folder = existsSync(modules) ? join(modules, '.ibex-config') : dirname(path)
  await mkdir(folder, { recursive: true })
  const bundle = join(folder, `.${basename(path)}.${process.pid}.${Date.now()}.mjs`)
  try {
    await writeFile(bundle, code)
    return await importFile(bundle)
  } catch (error) {
    if (error instanceof IbexError)
      throw new IbexError('bad-option', error.message.replace(bundle, path), { cause: error })
    throw error
  } finally {
    await rm(bundle, { force: true })
  }
}

interface EsbuildModule {
  build(options: object): Promise<{ outputFiles: { text: string }[] }>
}

interface ViteModule {
  build(options: object): Promise<unknown>
}

async function bundleWithEsbuild(path: string, place: string): Promise<string | undefined> {
  const esbuild = await importPeer<EsbuildModule>('esbuild', place)
  if (!esbuild) return undefined
  const { outputFiles } = await explain(path, () =>
    esbuild.build({
      entryPoints: [path],
      bundle: true,
      write: false,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'silent',
    }),
  )
  return outputFiles[0]!.text
}

async function bundleWithVite(path: string, place: string): Promise<string | undefined> {
  const vite = await importPeer<ViteModule>('vite', place)
  if (!vite) return undefined
  const built = await explain(path, () =>
    vite.build({
      root: dirname(path),
      configFile: false,
      logLevel: 'silent',
      build: { ssr: path, write: false, target: 'node20', minify: false },
      ssr: { external: true },
    }),
  )
  const [result] = [built].flat() as { output: { code?: string }[] }[]
  return result?.output[0]?.code
}

/** A package as the file or module `from` would import it. */
async function importPeer<T>(name: string, from: string): Promise<T | undefined> {
  let found: string
  try {
    found = createRequire(from).resolve(name)
  } catch {
    return undefined
  }
  const module = (await import(pathToFileURL(found).href)) as { default?: T } & T
  return 'build' in (module as object) ? module : module.default
}

async function explain<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new IbexError('bad-option', `${path} could not be read: ${String(error)}`, { cause: error })
  }
}
