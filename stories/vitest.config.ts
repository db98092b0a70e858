/** Every story is a test: it renders, plays, and has no accessibility violation; what it comes to is readable in the dark too. */
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import { playwright } from '@vitest/browser-playwright'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { chromiumArgs, findChromium } from '../scripts/chromium.mjs'

const executablePath = findChromium()

export default defineConfig({
  plugins: [storybookTest({ configDir: join(import.meta.dirname, '.storybook') })],
  define: { 'import.meta.env.VITE_IS_TEST': 'true' },
  test: {
    name: 'stories',
    // No test is timed: this only ends what hangs, also on a machine that is busy with other things.
    testTimeout: 60_000,
    fileParallelism: true,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { args: chromiumArgs, ...(executablePath && { executablePath }) } }),
      instances: [{ browser: 'chromium', viewport: { width: 1200, height: 640 } }],
    },
  },
})
