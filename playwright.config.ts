import { defineConfig } from '@playwright/test'
import { chromiumArgs, findChromium } from './scripts/chromium.mjs'

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
  use: {
    launchOptions: { args: chromiumArgs, ...(executablePath === undefined ? {} : { executablePath }) },
  },
})
