/** Every story is a test, in light and in dark: it renders, plays, and has no accessibility violation. */
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import { playwright } from '@vitest/browser-playwright'
import { join } from 'node:path'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { chromiumArgs, findChromium } from '../scripts/chromium.mjs'

const executablePath = findChromium()

const storiesIn = (theme: 'light' | 'dark'): TestProjectConfiguration => ({
  plugins: [
    storybookTest({
      configDir: join(import.meta.dirname, '.storybook'),
      // Keys do the same in every colour.
      tags: { exclude: theme === 'dark' ? ['keys'] : [] },
    }),
  ],
  define: { 'import.meta.env.VITE_STAGE_THEME': JSON.stringify(theme) },
  test: {
    name: theme,
    // No test is timed: this only ends what hangs, also on a machine that is busy with other things.
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { args: chromiumArgs, ...(executablePath && { executablePath }) } }),
      instances: [{ browser: 'chromium', viewport: { width: 1200, height: 640 } }],
    },
  },
})

export default defineConfig({ test: { fileParallelism: false, projects: [storiesIn('light'), storiesIn('dark')] } })
