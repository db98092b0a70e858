/** The Vite plugin: the dev and the preview server of an app are its Ibex server too. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type { Plugin, ViteDevServer } from 'vite'
import { IbexError } from '../errors.js'
import { type Config, defineConfig } from '../repository/rules.js'
import { createServer, type IbexServer } from './create-server.js'

export interface IbexPluginOptions {
  /** Schemas, rules and `authenticate`; by default `ibex.config.ts` (or `.js`) in the root, if there is one. */
  readonly config?: string
  /** The folder of the data; by default `.ibex/data` in the root, with the authority's key in `.ibex/authority`. */
  readonly data?: string
  /** Where clients connect. */
  readonly path?: string
}

const CONFIGS = ['ibex.config.ts', 'ibex.config.mts', 'ibex.config.js', 'ibex.config.mjs']

/** What the hooks import and browsers cannot read as it is. */
const COMMONJS = 'ibex-state > use-sync-external-store/with-selector'

/** `plugins: [react(), ibex()]`: `createStore({ server: '/ibex' })` works under `vite` and `vite preview`. */
export function ibex(options: IbexPluginOptions = {}): Plugin {
  let server: IbexServer | undefined

  function serve(root: string, log: (line: string) => void, load: () => Promise<Config | undefined>): IbexServer {
    const folder = join(root, '.ibex')
    const data = options.data === undefined ? join(folder, 'data') : resolve(root, options.data)
    server = createServer({
      data,
      ...(options.data === undefined && { authority: join(folder, 'authority') }),
      ...(options.path !== undefined && { path: options.path }),
      // A developer's own machine, whatever NODE_ENV says.
      open: true,
      log: (line) => log(`[ibex] ${line}`),
      async config() {
        if (options.data === undefined) await keepOutOfGit(folder)
        return load()
      },
    })
    return server
  }

  return {
    name: 'ibex',

    config: ({ root }) => ({
      // Were the package bundled before it is served, the file of its worker would not be found.
      optimizeDeps: { exclude: ['ibex-state'], include: hasReact(root) ? [COMMONJS] : [] },
      server: { watch: { ignored: ['**/.ibex/**'] } },
    }),

    configureServer(vite) {
      const { root, logger } = vite.config
      const say = (line: string): void => logger.info(line, { timestamp: true })
      const http = vite.httpServer
      if (!http) {
        say(
          '[ibex] Vite runs as a middleware of another server: attach createServer() of ibex-state/server to that one.',
        )
        return
      }
      const file = configFile(root, options.config)
      let read = new Set<string>()
      const serving = serve(root, say, async () => {
        if (!file) return undefined
        const { config, files } = await loadByVite(vite, file)
        read = files
        return config
      })
      serving.attach(http)
      vite.watcher.on('change', (path) => {
        if (!read.has(resolve(path))) return
        serving.reload().then(
          () => say('[ibex] configuration reloaded'),
          (error: unknown) => logger.error(`[ibex] The configuration stays as it was: ${String(error)}`),
        )
      })
      http.once('close', () => void serving.close())
    },

    configurePreviewServer(vite) {
      const { root, logger } = vite.config
      const file = configFile(root, options.config)
      const serving = serve(
        root,
        (line) => logger.info(line, { timestamp: true }),
        () => loadByBundling(file, root),
      )
      serving.attach(vite.httpServer)
      vite.httpServer.once('close', () => void serving.close())
      // A preview has no hook for its end.
      const close = vite.close.bind(vite)
      vite.close = async () => {
        await serving.close()
        await close()
      }
    },

    // Vite closes its plugins before its sockets: what is unsealed is sealed, and clients are told.
    async buildEnd() {
      await server?.close()
      server = undefined
    },
  }
}

function hasReact(root: string = process.cwd()): boolean {
  try {
    createRequire(join(resolve(root), 'package.json')).resolve('react')
    return true
  } catch {
    return false
  }
}

function configFile(root: string, given: string | undefined): string | undefined {
  const names = given === undefined ? CONFIGS : [given]
  const found = names.map((name) => resolve(root, name)).find((path) => existsSync(path))
  if (given !== undefined && !found) throw new IbexError('bad-option', `There is no configuration file ${given}.`)
  return found
}

/** By Vite's own pipeline, so that TypeScript and aliases work; also tells which files were read for it. */
async function loadByVite(vite: ViteDevServer, file: string): Promise<{ config: Config; files: Set<string> }> {
  const module = await vite.ssrLoadModule(file)
  const files = new Set([file])
  const open = [...(vite.moduleGraph.getModulesByFile(file) ?? [])]
  for (let node = open.pop(); node; node = open.pop()) {
    for (const imported of node.ssrImportedModules) {
      if (!imported.file || files.has(imported.file) || imported.file.includes('/node_modules/')) continue
      files.add(imported.file)
      open.push(imported)
    }
  }
  return { config: checked(module, file), files }
}

/** Where there is no dev server. */
async function loadByBundling(file: string | undefined, root: string): Promise<Config | undefined> {
  if (!file) return undefined
  const { loadConfigFromFile } = await import('vite')
  const loaded = await loadConfigFromFile({ command: 'serve', mode: 'production' }, file, root, 'silent')
  return loaded ? checked({ default: loaded.config }, file) : undefined
}

function checked(module: Readonly<Record<string, unknown>>, file: string): Config {
  const config = module['default'] ?? module['config']
  if (typeof config !== 'object' || config === null) {
    throw new IbexError('bad-option', `${file} must say: export default defineConfig({ schemas: [...] }).`)
  }
  return defineConfig(config as Config)
}

async function keepOutOfGit(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => {})
}
