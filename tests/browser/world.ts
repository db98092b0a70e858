/** What browser tests of whole apps need: the app's page, servers as processes of their own, and conditions to wait for. */
import { expect, type Page } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Program } from '../server/program.js'
import { test as base } from './fixtures.js'
import type { App, AppOptions } from './pages/app.js'
import { world } from './site.js'

/** A server with data of its own, at a port that it keeps when it is started again. */
export interface TestServer {
  /** For `AppOptions.server`. */
  readonly url: string
  /** The process that runs, or ran last. */
  readonly program: Program
  start(): Promise<void>
  /** Ends it as an operator does. */
  stop(): Promise<void>
  kill(): Promise<void>
}

interface ServeOptions {
  /** Default: true. */
  readonly started?: boolean
  /** Fills the folder of its data before it starts. */
  readonly prepare?: (data: string) => Promise<void>
}

interface WorldFixtures {
  serve: (options?: ServeOptions) => Promise<TestServer>
}

export const test = base.extend<WorldFixtures>({
  serve: async ({ site }, provide) => {
    const folder = mkdtempSync(join(tmpdir(), 'ibex-server-'))
    const servers: TestServer[] = []
    await provide(async ({ started = true, prepare } = {}) => {
      const data = join(folder, `data-${servers.length}`)
      await prepare?.(data)
      const server = createTestServer(data, site)
      servers.push(server)
      await server.start()
      // It knows its port from now on.
      if (!started) await server.stop()
      return server
    })
    for (const server of servers) await server.kill()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
})

function createTestServer(data: string, site: string): TestServer {
  let program: Program | undefined
  let url = ''
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (program && program.child.exitCode === null && program.child.signalCode === null) await program.end(signal)
  }
  return {
    get url() {
      return url
    },
    get program() {
      return program!
    },
    async start() {
      const port = url === '' ? '0' : new URL(url).port
      const args = ['serve', '--port', port, '--data', data, '--origin', site, '--host', '127.0.0.1', '--open']
      program = new Program(join(world(), 'ibex.mjs'), args, { cwd: tmpdir() })
      const now = await program.printed(/sync\s+(ws:\S+)/)
      if (url !== '' && now !== url) throw new Error(`${url} is taken by somebody else.`)
      url = now
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/** Opens the app and waits until its store is ready. */
export async function visit(page: Page, site: string, options: AppOptions = {}): Promise<Page> {
  await page.goto(`${site}/app.html?${new URLSearchParams({ ...options })}`)
  await ready(page)
  return page
}

/** Resolves when the page's store is ready, after a reload too. */
export async function ready(page: Page): Promise<void> {
  await until(page, () => 'app' in globalThis && app.store.isReady())
}

/** Resolves when a condition holds within the page. */
export async function until<A>(page: Page, condition: (arg: A) => unknown, arg?: A): Promise<void> {
  await page.waitForFunction(condition as (arg: unknown) => unknown, arg, { polling: 10 })
}

/** Resolves when the server has accepted everything of these pages and all have it; answers the issues that all show. */
export async function converge(...pages: Page[]): Promise<ReturnType<App['all']>> {
  let states: string[] = []
  await expect(async () => {
    for (const page of pages) {
      await until(
        page,
        () => app.status().connection === 'online' && app.status().complete && app.status().pending === 0,
      )
    }
    states = await Promise.all(pages.map((page) => page.evaluate(() => app.state())))
    for (const state of states) expect(state).toBe(states[0])
  }).toPass({ intervals: [20] })
  return JSON.parse(states[0]!) as ReturnType<App['all']>
}

/** Takes part in what all hold: no page has a commit that another lacks. */
export async function expectSameCommits(...pages: Page[]): Promise<void> {
  const [first, ...others] = await Promise.all(
    pages.map(async (page) => new Set(await page.evaluate(() => app.commits()))),
  )
  for (const other of others) expect(other).toEqual(first)
}
