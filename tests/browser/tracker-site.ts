/** The demo, built from the sources and served with data and rules of its own. */
import babel from '@rolldown/plugin-babel'
import type { Page } from '@playwright/test'
import react, { reactCompilerPreset } from '@vitejs/plugin-react'
import { build as bundle } from 'esbuild'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { doors } from '../../vitest.config.js'
import { Program } from '../server/program.js'
import { test as base } from './fixtures.js'
import { world } from './site.js'

const ROOT = join(import.meta.dirname, '../..')
const TRACKER = join(ROOT, 'examples/tracker')

interface TrackerFixtures {
  /** Opens the demo as one of the team, whose storage is apart from everybody else's. */
  visit: (as?: string, search?: string) => Promise<Page>
  /** Where it is served, for this test alone. */
  address: string
}

interface BuiltFixtures {
  /** Builds for development let devtools look into their stores. */
  mode: 'production' | 'development'
  built: string
}

export const test = base.extend<TrackerFixtures, BuiltFixtures>({
  mode: ['production', { option: true, scope: 'worker' }],
  built: [
    async ({ mode }, provide) => {
      const folder = mkdtempSync(join(tmpdir(), 'ibex-tracker-'))
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
      await Promise.all([
        build({
          configFile: false,
          root: TRACKER,
          mode,
          define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
          logLevel: 'error',
          plugins: [
            react(),
            babel({ include: /[\\/]tracker[\\/]src[\\/].*\.tsx?$/, presets: [reactCompilerPreset()] }),
          ],
          resolve: { alias: doors },
          worker: { format: 'es' },
          build: { outDir: join(folder, 'site'), reportCompressedSize: false, chunkSizeWarningLimit: 2000 },
        }),
        bundle({
          entryPoints: [join(TRACKER, 'ibex.config.ts')],
          outfile: join(folder, 'ibex.config.mjs'),
          alias: { 'ibex-state': join(ROOT, 'src/index.ts') },
          bundle: true,
          platform: 'node',
          format: 'esm',
          logLevel: 'error',
        }),
      ])
      await provide(folder)
      rmSync(folder, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  address: async ({ built }, provide) => {
    const folder = mkdtempSync(join(tmpdir(), 'ibex-tracker-data-'))
    const args = ['serve', '--port', '0', '--host', '127.0.0.1', '--data', join(folder, 'data')]
    const program = new Program(
      join(world(), 'ibex.mjs'),
      [...args, '--static', join(built, 'site'), '--config', join(built, 'ibex.config.mjs')],
      { cwd: tmpdir() },
    )
    const socket = new URL(await program.printed(/sync\s+(ws:\S+)/))
    await provide(`http://${socket.host}/`)
    await program.end('SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  visit: async ({ address, guest }, provide) => {
    const errors: Error[] = []
    await provide(async (as = 'mara', search = '') => {
      const page = await guest()
      page.on('pageerror', (error) => errors.push(error))
      await page.goto(`${address}?as=${as}${search}`)
      await page.getByRole('grid', { name: 'Issues' }).waitFor()
      return page
    })
    if (errors.length > 0) throw errors[0]!
  },
})
