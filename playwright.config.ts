import { defineConfig } from '@playwright/test'
import { createServer } from 'node:net'
import { chromiumArgs, findChromium } from './scripts/chromium.mjs'

/** A port of this machine that nobody uses, so that several runs do not meet. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

// This file is loaded once more by every worker; they inherit the choice.
const port = (process.env['IBEX_BROWSER_PORT'] ??= String(await freePort()))
const executablePath = findChromium()

export default defineConfig({
  testDir: 'tests/browser',
  testMatch: '**/*.test.ts',
  globalSetup: './tests/browser/global-setup.ts',
  outputDir: 'test-results',
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env['CI'] !== undefined,
  // On a machine that is busy with other things a browser may die of its own; what fails thrice is broken.
  retries: process.env['CI'] === undefined ? 0 : 2,
  // Nothing waits for time to pass: this only ends what hangs, also on a machine that is busy with other things.
  timeout: 120_000,
  reporter: 'list',
  // Pages come from the sources, by Vite's dev server: /tests/browser/pages/<name>.html
  webServer: {
    command: `node node_modules/vite/bin/vite.js --config tests/browser/vite.config.ts --port ${port} --strictPort`,
    url: `http://localhost:${port}/tests/browser/pages/blank.html`,
    reuseExistingServer: false,
    stderr: 'pipe',
  },
  use: {
    baseURL: `http://localhost:${port}`,
    launchOptions: { args: chromiumArgs, ...(executablePath === undefined ? {} : { executablePath }) },
  },
})
